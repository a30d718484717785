using System.Diagnostics;

namespace TargetProfiles.Sending.Statuses;

/// <summary>A batch that is asked for until it has a result, and what is known of it so far. Used by one thread at a time.</summary>
internal sealed class BatchWatch : IDisposable
{
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(20);

    private readonly CancellationTokenSource _deadline;
    private CancellationTokenRegistration _onDeadline;

    public BatchWatch(FollowedBatch batch, CancellationToken cancelled)
    {
        Batch = batch;
        SubmittedAt = batch.SubmittedAt ?? StatusRetention.SubmittedAt(batch.BatchId) ?? DateTime.MaxValue;
        _deadline = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        Deadline = _deadline.Token;
    }

    public FollowedBatch Batch { get; }

    public string BatchId => Batch.BatchId;

    /// <summary>What age goes by; a batch of unknown age counts as young.</summary>
    public DateTime SubmittedAt { get; }

    /// <summary>Cancelled when the time to wait for the batch is over, and with the poller.</summary>
    public CancellationToken Deadline { get; }

    /// <summary>Runs while the service does not know the batch.</summary>
    public Stopwatch Unknown { get; } = new();

    /// <summary>The last answer; null if there was none.</summary>
    public TargetBatchStatus? Last { get; set; }

    /// <summary>Why the last question got no answer; null if it got one.</summary>
    public TargetServiceException? Failure { get; private set; }

    /// <summary>Questions without an answer since the last one that got it.</summary>
    public int Failures { get; private set; }

    /// <summary>The pause after the last answer.</summary>
    public TimeSpan LastPause { get; set; }

    /// <summary>Notes an answer.</summary>
    public void Answered(TargetBatchStatus status)
    {
        status.Rows = Batch.Rows;
        Last = status;
        Failure = null;
        Failures = 0;
        if (status.State != BatchProcessingState.Unknown)
            Unknown.Reset();
        else
            Unknown.Start();
    }

    /// <summary>Notes that there was no answer.</summary>
    public void Failed(TargetServiceException failure)
    {
        Failure = failure;
        Failures++;
    }

    /// <summary>Sets the deadline, and what is done then, and when the poller is cancelled.</summary>
    public void EndAfter(TimeSpan timeout, Action end)
    {
        _onDeadline = Deadline.Register(end);
        _deadline.CancelAfter(timeout < LongestTimeout ? timeout : LongestTimeout);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _onDeadline.Dispose();
        _deadline.Dispose();
    }
}
