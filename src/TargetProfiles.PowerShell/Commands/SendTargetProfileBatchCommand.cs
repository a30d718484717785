using System.Management.Automation;
using TargetProfiles.PowerShell.Errors;
using TargetProfiles.Sending;

namespace TargetProfiles.PowerShell.Commands;

/// <summary>Sends rows to Target in batches, and writes one object per batch, in batch order.</summary>
[Cmdlet(VerbsCommunications.Send, "TargetProfileBatch", DefaultParameterSetName = InputObjectSet, SupportsShouldProcess = true, HelpUri = "https://github.com/targetprofiles/TargetProfiles/blob/main/docs/en-US/Send-TargetProfileBatch.md")]
[OutputType(typeof(TargetProfileBatch))]
public sealed class SendTargetProfileBatchCommand : BatchSourceCommand
{
    private ProgressReport? _progress;
    private string _target = "";
    private bool _isDeclined;

    /// <summary>The connection to use; by default the one that Connect-TargetService made in this runspace.</summary>
    [Parameter]
    [ValidateNotNull]
    public TargetConnection? Connection { get; set; }

    /// <summary>File for rejected rows, with the reason, to be corrected and sent again. A file that exists is not written to.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    public string? RejectedPath { get; set; }

    /// <summary>Rejected rows after which the run stops.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateRange(0, long.MaxValue)]
    public long? MaxRejected { get; set; }

    /// <summary>Version of the bulk API; by default the connection's.</summary>
    [Parameter]
    public ProfileApiVersion? ApiVersion { get; set; }

    /// <summary>File that records what was accepted, so that the same command goes on where this one ended.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? JournalPath { get; set; }

    /// <summary>Move the journal aside and begin anew, whatever it says.</summary>
    [Parameter]
    public SwitchParameter Restart { get; set; }

    /// <summary>Send again what the journal says was sent to the end.</summary>
    [Parameter]
    public SwitchParameter Resend { get; set; }

    /// <summary>Batches sent at a time; memory grows by one batch with each.</summary>
    [Parameter]
    [ValidateRange(1, 16)]
    public int ThrottleLimit { get; set; } = SendOptions.DefaultThrottleLimit;

    /// <summary>Rows to send first, alone: the others follow only once these have been fetched back and hold what was sent.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateRange(1, 10_000)]
    public int? Canary { get; set; }

    /// <summary>How long to wait for the rows of -Canary to arrive, in seconds.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateRange(0, int.MaxValue)]
    public int TimeoutSec { get; set; } = (int)new SendOptions().CanaryTimeout.TotalSeconds;

    /// <summary>Name of a variable that gets the accounting of the run.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SummaryVariable { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => Guarded(() =>
    {
        var connection = IsWhatIf ? Connection ?? ModuleState.Current : RequireConnection(Connection);
        _target = connection?.ToString() ?? "Target";
        if (!IsWhatIf && !ShouldProcess(_target, "Send profile batches"))
        {
            _isDeclined = true;
            return;
        }

        if (JournalPath is null && (Restart || Resend))
            ThrowTerminatingError(TargetErrors.JournalPathMissing());
        var options = new SendOptions
        {
            Mapping = Mapping(),
            Csv = Csv(),
            Limits = Limits(),
            DuplicateIdAction = DuplicateIdAction,
            RejectedPath = RejectedPath is null ? null : FilePaths.ToWrite(this, RejectedPath),
            MaxRejected = MaxRejected,
            JournalPath = JournalPath is null ? null : FilePaths.ToWrite(this, JournalPath),
            Restart = Restart,
            Resend = Resend,
            ApiVersion = ApiVersion,
            ThrottleLimit = ThrottleLimit,
            Canary = Canary,
            CanaryTimeout = TimeSpan.FromSeconds(TimeoutSec),
            Unwrap = RowReader.Unwrap,
            PlanOnly = IsWhatIf,
        };
        _progress = new ProgressReport(this, $"Sending profiles to {_target}");
        Run = new SendRun(options, connection, OnMessage, _progress.Show);
        // The object goes on counting, so it tells the truth however the run ends.
        if (SummaryVariable is not null)
            SessionState.PSVariable.Set(SummaryVariable, Run.Accounting);
    });

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (_isDeclined)
            return;
        AddInput();
        if (Run!.CanContinue)
            return;
        Finish(sourceEnded: false);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_isDeclined)
            return;
        AddPipedFiles();
        Finish(sourceEnded: true);
    }

    /// <inheritdoc/>
    private protected override void Finish(bool sourceEnded)
    {
        Guarded(() => Run!.Complete(sourceEnded));
        _progress!.End();
        if (IsWhatIf)
        {
            ShouldProcess($"{Run!.Plan} Target: {_target}.", null, null);
            return;
        }

        WriteVerbose(Run!.Accounting.ToString());
        WriteHeldErrors();
        if (Run.Failure is { } failure)
            ThrowTerminatingError(TargetErrors.Stopped(failure, _target, hasJournal: JournalPath is not null));
    }

    private void OnMessage(RunMessage message)
    {
        switch (message)
        {
            case RunMessage.BatchDone done:
                WriteObject(done.Batch);
                if (done.Batch.State != BatchState.Accepted && done.Batch.Message is not null && Run?.Failure is null)
                    WriteOrHold(TargetErrors.BatchNotAccepted(done.Batch));
                break;
            case RunMessage.RowFound found:
                WriteOrHold(TargetErrors.RowRejected(found.Finding));
                break;
            case RunMessage.Warning warning:
                WriteWarning(warning.Text);
                break;
            case RunMessage.Detail detail:
                WriteVerbose(detail.Text);
                break;
        }
    }
}
