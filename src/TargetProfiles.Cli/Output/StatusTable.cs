using TargetProfiles.Sending;

namespace TargetProfiles.Cli.Output;

/// <summary>Statuses for people.</summary>
internal static class StatusTable
{
    public static void Write(IEnumerable<BatchStatusResult> results, bool hasCounts)
    {
        var counts = hasCounts ? new[] { "#Processed", "#Updated", "#Not found", "#Failed", "#Lost" } : [];
        var table = Tables.New("Batches", ["Batch id", "Status", "#Rows", .. counts]);
        foreach (var result in results)
        {
            var status = result.Status;
            var cells = hasCounts
                ? new[] { status?.ConsumedCount, status?.SuccessfulUpdates, status?.ProfilesNotFound, status?.FailedUpdates, status?.LostRows }
                : [];
            table.Row([result.BatchId, status is null ? "not known" : Word(status), Tables.Count(status?.Rows ?? status?.BatchSize), .. cells.Select(Tables.Count)]);
        }

        Tables.Output().Write(table);
    }

    /// <summary>A state as people read it; the service's own word where it is none that we know.</summary>
    public static string Word(TargetBatchStatus status) => status.State switch
    {
        BatchProcessingState.CompleteWithFailures => "complete with failures",
        BatchProcessingState.Expired => "expired",
        _ => status.RawStatus,
    };
}
