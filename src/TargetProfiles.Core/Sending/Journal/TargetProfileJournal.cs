using TargetProfiles.Sending.Journal;

namespace TargetProfiles;

/// <summary>What a journal says of a run: its batches, and where every row went.</summary>
public sealed class TargetProfileJournal
{
    internal TargetProfileJournal(string path, JournalContent content)
    {
        Path = path;
        StartedAt = content.Run?.At;
        EndedAt = content.End?.At;
        IsComplete = content.IsComplete;
        Settings = content.Run?.Settings ?? new Dictionary<string, string>();
        Accounting.SourceEnded = IsComplete;
        foreach (var cover in content.Covers)
        {
            Accounting.AddEarlier(cover.Record.Read, cover.Record.Rejected, cover.Record.Empty, cover.Record.Merged);
            Accounting.CountBatches(cover.Rows);
        }

        Batches = [.. content.Covers.Where(cover => cover.Record.Batch > 0).SelectMany(cover => BatchesOf(cover, content.Statuses))];
        RejectedPaths = [.. content.Covers.SelectMany(cover => cover.Record.Rejects).Select(range => range.Path).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Where it stands.</summary>
    public string Path { get; }

    /// <summary>When the run began, in UTC; null if the journal is empty.</summary>
    public DateTime? StartedAt { get; }

    /// <summary>When the last command ended in order, in UTC; null if it did not, or is still going on.</summary>
    public DateTime? EndedAt { get; }

    /// <summary>Every source was read to its end, and every batch has a final outcome. If not, the same command goes on.</summary>
    public bool IsComplete { get; }

    /// <summary>Where every row went that a batch was made of, or that lay between such rows.</summary>
    public RunAccounting Accounting { get; } = new();

    /// <summary>The batches, in order.</summary>
    public IReadOnlyList<TargetProfileBatch> Batches { get; }

    /// <summary>Files of rejected rows.</summary>
    public IReadOnlyList<string> RejectedPaths { get; }

    /// <summary>The settings that the run was begun with, by option.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>Reads a journal; a run may be writing it meanwhile.</summary>
    /// <exception cref="JournalException">It is damaged, or no journal.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static TargetProfileJournal Read(string path) => new(path, JournalFile.Read(path));

    /// <inheritdoc/>
    public override string ToString() => $"{Path}: {Accounting}";

    private IEnumerable<TargetProfileBatch> BatchesOf(CoverState cover, Dictionary<string, StatusRecord> statuses)
    {
        foreach (var outcome in cover.Outcomes)
            yield return Batch(cover, outcome, outcome.BatchId is string id && statuses.TryGetValue(id, out var status) ? status : null);
        if (cover.RestRows == 0)
            yield break;
        var record = cover.Record;
        yield return new TargetProfileBatch(record.Batch, cover.RestState, record.FirstRow, record.LastRow, cover.RestRows, record.Bytes - cover.Outcomes.Sum(outcome => outcome.Bytes))
        {
            Sha256 = cover.Sha256,
            JournalPath = Path,
            Message = cover.RestState == BatchState.Uncertain ? "The run ended while the batch was being sent." : "The run ended before the batch was sent.",
        };
    }

    private TargetProfileBatch Batch(CoverState cover, OutcomeRecord outcome, StatusRecord? status)
    {
        var statusUri = Uri.TryCreate(outcome.StatusUri, UriKind.Absolute, out var address) ? address : null;
        return new TargetProfileBatch(outcome.Batch, outcome.State, cover.Record.FirstRow, cover.Record.LastRow, outcome.Rows, outcome.Bytes)
        {
            Part = outcome.Part,
            BatchId = outcome.BatchId,
            StatusUri = statusUri,
            Status = status?.StatusOf(outcome, statusUri),
            JournalPath = Path,
            Sha256 = outcome.Part == 0 ? cover.Sha256 : null,
            ApiVersion = Enum.TryParse<ProfileApiVersion>(outcome.ApiVersion, out var version) ? version : ProfileApiVersion.V2,
            SubmittedAt = outcome.State == BatchState.Accepted ? outcome.At : null,
            Attempts = outcome.Attempts,
            Message = outcome.Message,
        };
    }
}
