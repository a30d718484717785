namespace TargetProfiles.Cli.Output;

/// <summary>What a comparison came to.</summary>
internal sealed class CompareReport
{
    public required TargetProfileComparisonSummary Summary { get; init; }

    public required TargetConnection Connection { get; init; }

    /// <summary>Rows that are counted, and would be listed too if they were not so many or the user had not interrupted.</summary>
    public long NotListed { get; set; }

    /// <summary>Why the comparison ended early; null if it did not.</summary>
    public string? Error { get; set; }

    public int ExitCode { get; set; }
}
