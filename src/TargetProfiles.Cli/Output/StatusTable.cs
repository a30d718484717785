using TargetProfiles.Sending;

namespace TargetProfiles.Cli.Output;

/// <summary>Statuses for people.</summary>
internal static class StatusTable
{
    public static void Write(IEnumerable<BatchStatusResult> results, bool hasCounts)
    {
        var counts = hasCounts ? new[] { "#Processed", "#Updated", "#Not found", "#Failed" } : [];
        var table = Tables.New("Batches", ["Batch id", "Status", "#Rows", .. counts]);
        foreach (var result in results)
        {
            var status = result.Status;
            var cells = hasCounts
                ? new[] { status?.ConsumedCount, status?.SuccessfulUpdates, status?.ProfilesNotFound, status?.FailedUpdates }
                : [];
            table.Row([result.BatchId, status?.RawStatus ?? "not known", Tables.Count(status?.BatchSize), .. cells.Select(Tables.Count)]);
        }

        Tables.Output().Write(table);
    }
}
