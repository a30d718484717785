using TargetProfiles.Sending;

namespace TargetProfiles.Cli.Output;

/// <summary>Tells of rows that were written to be sent again.</summary>
internal static class FailedRowsLines
{
    public static void Write(FailedRows failed, Lines lines)
    {
        if (failed.Rows == 0)
            lines.Note("There are no refused, failed or stuck batches, so no rows were written to be sent again.");
        else
            lines.Warning($"{Tables.Count(failed.Rows)} rows of {Tables.Count(failed.Batches)} refused, failed or stuck batches stand in {string.Join(" and ", failed.Paths)}. Send them again: {failed.SendAgain!.CommandLine}");
    }
}
