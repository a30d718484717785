using System.Management.Automation;
using TargetProfiles.Sending;

namespace TargetProfiles.PowerShell.Commands;

/// <summary>Applies the rules of Send-TargetProfileBatch and sends nothing. Needs no connection.</summary>
[Cmdlet(VerbsDiagnostic.Test, "TargetProfileBatch", DefaultParameterSetName = InputObjectSet, HelpUri = "https://github.com/targetprofiles/TargetProfiles/blob/main/docs/en-US/Test-TargetProfileBatch.md")]
[OutputType(typeof(TargetRowFinding), typeof(bool))]
public sealed class TestTargetProfileBatchCommand : BatchSourceCommand
{
    private ProgressReport? _progress;
    private long _errors;
    private long _warnings;

    /// <summary>Write only true or false: true if every row would be sent.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => Guarded(() =>
    {
        var options = new SendOptions
        {
            Mapping = Mapping(),
            Csv = Csv(),
            Limits = Limits(),
            DuplicateIdAction = DuplicateIdAction ?? TargetProfiles.DuplicateIdAction.Warn,
            Unwrap = RowReader.Unwrap,
            PlanOnly = true,
            TellsEveryFinding = true,
        };
        _progress = new ProgressReport(this, "Checking rows");
        Run = new SendRun(options, null, OnMessage, _progress.Show);
    });

    /// <inheritdoc/>
    protected override void ProcessRecord() => AddInput();

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        AddPipedFiles();
        Finish(sourceEnded: true);
    }

    /// <inheritdoc/>
    private protected override void Finish(bool sourceEnded)
    {
        Guarded(() => Run!.Complete(sourceEnded));
        _progress!.End();
        WriteVerbose(Run!.Plan.ToString());
        WriteVerbose(CheckText.Of(Run.Accounting.Read, _errors, _warnings));
        if (Quiet && sourceEnded)
            WriteObject(_errors == 0);
    }

    private void OnMessage(RunMessage message)
    {
        switch (message)
        {
            case RunMessage.RowFound { Finding: var finding }:
                if (finding.Severity == RuleSeverity.Error)
                    _errors++;
                else
                    _warnings++;
                if (!Quiet)
                    WriteObject(finding);
                break;
            case RunMessage.Warning warning:
                WriteWarning(warning.Text);
                break;
        }
    }
}
