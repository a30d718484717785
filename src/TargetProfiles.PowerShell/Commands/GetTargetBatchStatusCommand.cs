using System.Management.Automation;
using TargetProfiles.PowerShell.Completion;
using TargetProfiles.PowerShell.Errors;
using TargetProfiles.Sending;

namespace TargetProfiles.PowerShell.Commands;

/// <summary>Asks how far Target is with batches. Never holds up the command in front of it in the pipeline.</summary>
[Cmdlet(VerbsCommon.Get, "TargetBatchStatus", DefaultParameterSetName = JournalSet, HelpUri = "https://github.com/targetprofiles/TargetProfiles/blob/main/docs/en-US/Get-TargetBatchStatus.md")]
[OutputType(typeof(TargetBatchStatus))]
public sealed class GetTargetBatchStatusCommand : ConnectedCommand
{
    private const string BatchSet = "Batch";
    private const string JournalSet = "Journal";

    private readonly List<TargetBatchStatus> _statuses = [];
    private BatchStatusPoller? _poller;
    private ErrorRecord? _endOfEveryCall;
    private bool _isOutageTold;

    /// <summary>Batches to ask for.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = BatchSet)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(BatchIdCompleter))]
    public string[]? BatchId { get; set; }

    /// <summary>Where the status can be asked for; by default where the submit's reply said, if this session submitted the batch.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = BatchSet)]
    public Uri? StatusUri { get; set; }

    /// <summary>When the batch was submitted; handed through to the status, and tells whether Target still keeps it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = BatchSet)]
    public DateTime? SubmittedAt { get; set; }

    /// <summary>Rows that were sent in the batch; Target's counts are held against them.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = BatchSet)]
    public long? Rows { get; set; }

    /// <summary>The journal that records the batch, and gets its final status; alone, it names the batches, and those are asked for whose status is not final.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = BatchSet)]
    [Parameter(Mandatory = true, ParameterSetName = JournalSet)]
    [AllowNull]
    [AllowEmptyString]
    public string? JournalPath { get; set; }

    /// <summary>File for the rows of the journal's refused, failed and stuck batches, to be sent again. A file that exists is not written to.</summary>
    [Parameter(ParameterSetName = JournalSet)]
    [ValidateNotNullOrEmpty]
    public string? FailedPath { get; set; }

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

    /// <summary>Share of the rows, 0 to 1, that may be in none of Target's counts; more is an error.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double MaximumLossRate { get; set; } = LostRows.UsualRate;

    /// <inheritdoc/>
    protected override void BeginProcessing() => Guarded(() => _poller = new BatchStatusPoller(RequireConnection(), new BatchStatusOptions
    {
        Detailed = Detailed,
        Wait = Wait,
        Timeout = TimeSpan.FromSeconds(TimeoutSec),
        PollInterval = TimeSpan.FromSeconds(PollIntervalSec),
        MaximumLossRate = MaximumLossRate,
    }));

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == JournalSet)
            AddJournal();
        else
            AddBatches();
        WriteResults();
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        Guarded(() => _poller!.Complete(WriteResults));
        var expired = _statuses.Count(status => status.State == BatchProcessingState.Expired);
        if (expired > 0)
            WriteWarning(StatusText.OfExpired(expired));
        if (_poller!.JournalFailure is string failure)
            WriteWarning(failure);
        if (_poller.Loss.IsAboveMaximum)
            WriteOrHold(TargetErrors.LossAboveRate(_poller.Loss));
        else if (_poller.Loss.Lost > 0)
            WriteVerbose(_poller.Loss.ToString());
        if (FailedPath is not null)
            Guarded(WriteFailedRows, JournalPath);
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

    private void AddJournal() => Guarded(() =>
    {
        if (string.IsNullOrWhiteSpace(JournalPath))
            throw new ArgumentException("-JournalPath is empty.");
        JournalPath = FilePaths.Literal(this, [JournalPath!])[0];
        if (_poller!.AddJournal(TargetProfileJournal.Read(JournalPath)).Count == 0)
            WriteVerbose($"The journal '{JournalPath}' holds no accepted batch to ask for.");
    }, JournalPath);

    private void AddBatches()
    {
        foreach (var batchId in BatchId ?? [])
        {
            if (!string.IsNullOrWhiteSpace(batchId))
                Add(batchId);
        }

        if (BatchId is null && StatusUri is not null)
            Add(StatusUri.ToString());
        else if (BatchId is null)
            WriteVerbose("A batch without an id and a status address was skipped: there is nothing to ask for.");
    }

    private void Add(string batchId) => _poller!.Add(new FollowedBatch(batchId)
    {
        StatusUri = StatusUri,
        SubmittedAt = SubmittedAt?.ToUniversalTime(),
        Rows = Rows,
        JournalPath = string.IsNullOrWhiteSpace(JournalPath) ? null : FilePaths.ToWrite(this, JournalPath!),
    });

    // The sender in front of this command goes on: that a status cannot be asked for is told at the end, and once.
    private void WriteResults()
    {
        if (_poller!.Outage is string outage && !_isOutageTold)
            WriteWarning(outage);
        _isOutageTold = _poller.Outage is not null;
        while (_poller.TryTake(out var result))
        {
            if (result!.Status is not null)
                _statuses.Add(result.Status);
            if (result.Status is not null)
                WriteObject(result.Status);
            if (result.Failure is TargetServiceException { EndsEveryCall: true })
                _endOfEveryCall ??= TargetErrors.FromException(result.Failure, result.BatchId);
            else if (result.Failure is not null)
                WriteOrHold(TargetErrors.FromException(result.Failure, result.BatchId));
            else if (Wait && result.Status is { State: BatchProcessingState.Stuck or BatchProcessingState.CompleteWithFailures } status)
                WriteOrHold(TargetErrors.BatchFailed(status));
        }
    }

    private void WriteFailedRows()
    {
        var failed = FailedRows.Write(JournalPath!, _statuses, FilePaths.ToWrite(this, FailedPath!), Cancellation);
        if (failed.Rows > 0)
            WriteWarning($"{failed} {failed.SendAgain!.PowerShell}");
        else
            WriteVerbose(failed.ToString());
    }
}
