using System.Management.Automation;
using TargetProfiles.PowerShell.Completion;
using TargetProfiles.PowerShell.Errors;
using TargetProfiles.Sending;

namespace TargetProfiles.PowerShell.Commands;

/// <summary>Asks how far Target is with batches. Never holds up the command in front of it in the pipeline.</summary>
[Cmdlet(VerbsCommon.Get, "TargetBatchStatus", HelpUri = "https://github.com/targetprofiles/TargetProfiles/blob/main/docs/en-US/Get-TargetBatchStatus.md")]
[OutputType(typeof(TargetBatchStatus))]
public sealed class GetTargetBatchStatusCommand : ConnectedCommand
{
    private BatchStatusPoller? _poller;
    private ErrorRecord? _endOfEveryCall;

    /// <summary>Batches to ask for.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(BatchIdCompleter))]
    public string[]? BatchId { get; set; }

    /// <summary>Where the status can be asked for; by default where the submit's reply said, if this session submitted the batch.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public Uri? StatusUri { get; set; }

    /// <summary>When the batch was submitted; handed through to the status.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public DateTime? SubmittedAt { get; set; }

    /// <summary>Ask for counts: how many profiles were updated, not found, failed.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <summary>Ask again until Target is done with the batch.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>Seconds to wait for a batch.</summary>
    [Parameter]
    [ValidateRange(1, 604_800)]
    public int TimeoutSec { get; set; } = 3600;

    /// <summary>Longest pause in seconds between two questions about a batch; the first pauses are shorter.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int PollIntervalSec { get; set; } = 15;

    /// <inheritdoc/>
    protected override void BeginProcessing() => Guarded(() => _poller = new BatchStatusPoller(RequireConnection(), new BatchStatusOptions
    {
        Detailed = Detailed,
        Wait = Wait,
        Timeout = TimeSpan.FromSeconds(TimeoutSec),
        PollInterval = TimeSpan.FromSeconds(PollIntervalSec),
    }));

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var batchId in BatchId ?? [])
        {
            if (!string.IsNullOrWhiteSpace(batchId))
                _poller!.Add(batchId, StatusUri, SubmittedAt?.ToUniversalTime());
        }

        if (BatchId is null && StatusUri is not null)
            _poller!.Add(StatusUri.ToString(), StatusUri, SubmittedAt?.ToUniversalTime());
        else if (BatchId is null)
            WriteVerbose("A batch without an id and a status address was skipped: there is nothing to ask for.");
        WriteResults();
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        Guarded(() => _poller!.Complete(WriteResults));
        WriteHeldErrors();
        if (_endOfEveryCall is not null)
            ThrowTerminatingError(_endOfEveryCall);
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        _poller?.Cancel();
        base.StopProcessing();
    }

    /// <inheritdoc/>
    protected override void Release() => _poller?.Dispose();

    // The sender in front of this command goes on: that a status cannot be asked for is told at the end, and once.
    private void WriteResults()
    {
        while (_poller!.TryTake(out var result))
        {
            if (result!.Status is not null)
                WriteObject(result.Status);
            if (result.Failure is TargetServiceException { EndsEveryCall: true })
                _endOfEveryCall ??= TargetErrors.FromException(result.Failure, result.BatchId);
            else if (result.Failure is not null)
                WriteOrHold(TargetErrors.FromException(result.Failure, result.BatchId));
            else if (Wait && result.Status is { State: not BatchProcessingState.Complete } status)
                WriteOrHold(TargetErrors.BatchStuck(status));
        }
    }
}
