using TargetProfiles.Sending;

namespace TargetProfiles.Cli.Output;

/// <summary>Tells of rows that were written to be sent again.</summary>
internal static class FailedRowsLines
{
    public static void Write(FailedRows failed, Lines lines)
    {
        if (failed.Rows == 0)
            lines.Note(failed.ToString());
        else
            lines.Warning($"{failed} {failed.SendAgain!.CommandLine}");
    }
}
