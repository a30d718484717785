using System.Text;
using TargetProfiles.Profiles;

namespace TargetProfiles.Sending.Journal;

/// <summary>A batch, or a half of one, with rows to send again.</summary>
/// <param name="Cover">Where its rows stand.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reason">Why.</param>
/// <param name="FailedIds">Its rows by id, if the service lists each one that failed; null for all of them.</param>
internal sealed record FailedBatch(CoverState Cover, OutcomeRecord Outcome, string Reason, IReadOnlyList<string>? FailedIds)
{
    /// <summary>Fingerprints of <see cref="FailedIds"/>.</summary>
    private HashSet<ulong>? Prints { get; set; }

    /// <summary>Refused batches, stuck ones, and those with rows that failed. A row without a profile has not failed: sending it again does not make one.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="told">Statuses that were just asked for, which may list ids.</param>
    public static IEnumerable<FailedBatch> Of(JournalContent journal, IReadOnlyDictionary<string, TargetBatchStatus> told)
    {
        foreach (var cover in journal.Covers)
        {
            foreach (var outcome in cover.Outcomes)
            {
                if (outcome.State == BatchState.Refused)
                    yield return new FailedBatch(cover, outcome, $"batch {outcome.Batch} was refused", null);
                if (outcome.State != BatchState.Accepted || outcome.BatchId is not string batchId)
                    continue;
                if (!told.TryGetValue(batchId, out var status))
                    status = journal.Statuses.TryGetValue(batchId, out var record) ? record.StatusOf(outcome, null) : null;
                if (status?.State == BatchProcessingState.Stuck)
                    yield return new FailedBatch(cover, outcome, $"batch {outcome.Batch} ({batchId}) got stuck", null);
                else if (status?.State == BatchProcessingState.CompleteWithFailures && HasFailedRows(status))
                    yield return new FailedBatch(cover, outcome, $"rows of batch {outcome.Batch} ({batchId}) failed", status.FailedIds.Count >= Math.Max(1, status.FailedUpdates ?? 0) ? status.FailedIds : null);
            }
        }
    }

    /// <summary>True if the row is to be sent again.</summary>
    public bool Holds(ulong print, ProfileIdType idType, IdFingerprint fingerprint)
    {
        if (FailedIds is null)
            return true;
        Prints ??= [.. FailedIds.Select(id => fingerprint.Of(idType, Encoding.UTF8.GetBytes(id)))];
        return Prints.Contains(print);
    }

    // A service that counts neither has listed ids when it was asked.
    private static bool HasFailedRows(TargetBatchStatus status) =>
        status.FailedIds.Count > 0 || (status.FailedUpdates is long failed ? failed > 0 : status.ProfilesNotFound is not > 0);
}
