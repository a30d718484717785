namespace TargetProfiles.Cli.Output;

/// <summary>What a comparison came to.</summary>
internal sealed class CompareReport
{
    public required TargetProfileComparisonSummary Summary { get; init; }

    public required TargetConnection Connection { get; init; }

    /// <summary>The rows to be listed.</summary>
    public List<TargetProfileComparison> Compared { get; } = [];

    /// <summary>Why the comparison ended early; null if it did not.</summary>
    public string? Error { get; set; }

    public int ExitCode { get; set; }
}
