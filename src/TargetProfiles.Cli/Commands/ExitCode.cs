namespace TargetProfiles.Cli.Commands;

/// <summary>What the process returns.</summary>
internal static class ExitCode
{
    /// <summary>All accepted.</summary>
    public const int Success = 0;

    /// <summary>Finished, with rows or batches not accepted.</summary>
    public const int NotAllAccepted = 1;

    /// <summary>Usage or configuration.</summary>
    public const int Usage = 2;

    /// <summary>Stopped early; the same command continues.</summary>
    public const int StoppedEarly = 3;

    /// <summary>Interrupted by the user.</summary>
    public const int Interrupted = 130;
}
