using TargetProfiles.Sending;

namespace TargetProfiles.Cli.Output;

/// <summary>What a send came to.</summary>
internal sealed class SendReport
{
    public required RunAccounting Accounting { get; init; }

    /// <summary>What would be sent; null if it was sent.</summary>
    public SendPlan? Plan { get; init; }

    /// <summary>Where it was sent; null if only planned.</summary>
    public TargetConnection? Connection { get; init; }

    /// <summary>When the very same rows were sent to the end before, so that nothing was sent now; null if they were not.</summary>
    public DateTime? SentBefore { get; set; }

    public List<TargetProfileBatch> Batches { get; } = [];

    /// <summary>The rejected rows that were told one by one.</summary>
    public List<TargetRowFinding> Rejected { get; } = [];

    public List<string> Warnings { get; } = [];

    /// <summary>Statuses, if they were waited for.</summary>
    public IReadOnlyList<BatchStatusResult> Statuses { get; set; } = [];

    /// <summary>Rows that were written to be sent again; null if that was not wanted.</summary>
    public FailedRows? FailedRows { get; set; }

    /// <summary>True if the statuses were to be waited for.</summary>
    public bool Waits { get; init; }

    /// <summary>What came of the rows whose profiles were fetched back; null if none were.</summary>
    public TargetProfileComparisonSummary? Sample { get; set; }

    /// <summary>These rows, one by one.</summary>
    public List<TargetProfileComparison> Compared { get; } = [];

    /// <summary>Profiles that the embedded emulator has at the end; null without one.</summary>
    public int? EmulatorProfiles { get; set; }

    /// <summary>Why the run ended early; null if it did not.</summary>
    public string? Error { get; set; }

    public int ExitCode { get; set; }
}
