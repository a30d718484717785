using System.Management.Automation;
using TargetProfiles.PowerShell.Errors;
using TargetProfiles.Sending;
using TargetProfiles.Sending.Comparing;

namespace TargetProfiles.PowerShell.Commands;

/// <summary>Fetches the profiles of rows and compares them with what was sent.</summary>
[Cmdlet(VerbsData.Compare, "TargetProfile", DefaultParameterSetName = InputObjectSet, HelpUri = "https://github.com/targetprofiles/TargetProfiles/blob/main/docs/en-US/Compare-TargetProfile.md")]
[OutputType(typeof(TargetProfileComparison))]
public sealed class CompareTargetProfileCommand : RowSourceCommand
{
    private static readonly CompareOptions Defaults = new();

    private CompareRun? _comparison;
    private ProgressReport? _progress;

    /// <summary>Rows to compare, evenly chosen; by default all.</summary>
    [Parameter]
    [ValidateRange(1, 1_000_000)]
    public int? SampleSize { get; set; }

    /// <summary>Chooses the sample: the same number chooses the same rows.</summary>
    [Parameter]
    public int Seed { get; set; } = Defaults.Seed;

    /// <summary>How long to look again at rows that do not match, in seconds; 0 looks once.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int TimeoutSec { get; set; } = (int)Defaults.Timeout.TotalSeconds;

    /// <summary>Profiles fetched at a time.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = Defaults.ThrottleLimit;

    /// <summary>Write an object for rows that match, too.</summary>
    [Parameter]
    public SwitchParameter IncludeEqual { get; set; }

    /// <summary>The journal of the send; the counts are added to it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? JournalPath { get; set; }

    /// <summary>Name of a variable that gets the counts.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SummaryVariable { get; set; }

    /// <summary>The connection to use; by default the one that Connect-TargetService made in this runspace.</summary>
    [Parameter]
    [ValidateNotNull]
    public TargetConnection? Connection { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => Guarded(() =>
    {
        var connection = RequireConnection(Connection);
        var options = new CompareOptions
        {
            Mapping = Mapping(),
            Csv = Csv(),
            DuplicateIdAction = DuplicateIdAction,
            SampleSize = SampleSize,
            Seed = Seed,
            Timeout = TimeSpan.FromSeconds(TimeoutSec),
            ThrottleLimit = ThrottleLimit,
            JournalPath = JournalPath is null ? null : FilePaths.ToWrite(this, JournalPath),
            Unwrap = RowReader.Unwrap,
        };
        _progress = new ProgressReport(this, $"Comparing rows with the profiles of {connection}");
        _comparison = new CompareRun(options, connection, OnCompared, (row, failure) => WriteOrHold(TargetErrors.FromException(failure, row)), OnMessage, _progress.Show);
        Run = _comparison.Rows;
        // The object goes on counting, so it tells the truth however the comparison ends.
        if (SummaryVariable is not null)
            SessionState.PSVariable.Set(SummaryVariable, _comparison.Summary);
    }, JournalPath);

    /// <inheritdoc/>
    protected override void ProcessRecord() => AddInput();

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        AddPipedFiles();
        Finish(sourceEnded: true);
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        _comparison?.Cancel();
        base.StopProcessing();
    }

    /// <inheritdoc/>
    protected override void Release() => _comparison?.Dispose();

    /// <inheritdoc/>
    private protected override void Finish(bool sourceEnded)
    {
        Guarded(() => _comparison!.Complete(sourceEnded), settle: TellSummary);
        TellSummary();
        WriteHeldErrors();
    }

    private void TellSummary()
    {
        _progress!.End();
        var summary = _comparison!.Summary;
        if (summary.IsMatch)
            WriteVerbose(summary.ToString());
        else
            WriteWarning(summary.ToString());
    }

    private void OnCompared(TargetProfileComparison comparison)
    {
        if (IncludeEqual || comparison.Outcome != ComparisonOutcome.Match)
            WriteObject(comparison);
    }

    private void OnMessage(RunMessage message)
    {
        switch (message)
        {
            case RunMessage.Warning warning:
                WriteWarning(warning.Text);
                break;
            case RunMessage.Detail detail:
                WriteVerbose(detail.Text);
                break;
        }
    }
}
