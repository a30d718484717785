using System.Collections.Concurrent;
using System.Diagnostics;
using TargetProfiles.Service;

namespace TargetProfiles.Sending;

/// <summary>What came of asking for a batch's status.</summary>
/// <param name="BatchId">The batch.</param>
/// <param name="Status">The last status; null if none could be had.</param>
/// <param name="Failure">Why none could be had, or why waiting ended; null if all is well.</param>
public sealed record BatchStatusResult(string BatchId, TargetBatchStatus? Status, Exception? Failure);

/// <summary>
/// Asks for the statuses of many batches in the background, some at a time and within the call budget. Whoever adds a batch
/// never waits, so a sender in front of it is not held up.
/// </summary>
public sealed class BatchStatusPoller : IDisposable
{
    private const int QuestionsAtATime = 4;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(20);

    private readonly TargetConnection _connection;
    private readonly BatchStatusOptions _options;
    private readonly TargetClient _client;
    private readonly CallBudget _budget;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly CancellationToken _cancelled;
    private readonly ConcurrentQueue<BatchStatusResult> _results = new();
    private readonly SemaphoreSlim _places = new(QuestionsAtATime);
    private readonly CountdownEvent _open = new(1);
    private bool _isComplete;
    private bool _isDisposed;

    /// <summary>Creates a poller; it asks nothing before a batch is added.</summary>
    public BatchStatusPoller(TargetConnection connection, BatchStatusOptions options)
    {
        _connection = connection ?? throw new ArgumentNullException(nameof(connection));
        _options = options ?? throw new ArgumentNullException(nameof(options));
        _client = new TargetClient(connection);
        _budget = CallBudget.For(connection);
        _cancelled = _cancellation.Token;
    }

    /// <summary>Batches without a result.</summary>
    public int OpenCount => _open.CurrentCount - (_isComplete ? 0 : 1);

    /// <summary>Adds a batch; returns at once.</summary>
    public void Add(string batchId, Uri? statusUri, DateTime? submittedAt)
    {
        if (batchId is null)
            throw new ArgumentNullException(nameof(batchId));
        _open.AddCount();
        _ = Task.Run(() => FollowAsync(new Watch(batchId, statusUri, submittedAt)));
    }

    /// <summary>Takes a result if there is one; returns at once.</summary>
    public bool TryTake(out BatchStatusResult? result) => _results.TryDequeue(out result);

    /// <summary>No more batches come: waits until each has its result, calling back meanwhile.</summary>
    /// <exception cref="OperationCanceledException">The poller was cancelled.</exception>
    public void Complete(Action onPause)
    {
        if (onPause is null)
            throw new ArgumentNullException(nameof(onPause));
        NoMore();
        while (!_open.Wait(Patience))
            onPause();
        onPause();
        _cancelled.ThrowIfCancellationRequested();
    }

    /// <summary>Ends the calls under way; no further one begins. May be called from any thread.</summary>
    public void Cancel()
    {
        try
        {
            _cancellation.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It is over.
        }
    }

    /// <summary>Cancels and waits for the end.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        Cancel();
        NoMore();
        _open.Wait();
        _open.Dispose();
        _places.Dispose();
        _cancellation.Dispose();
    }

    private void NoMore()
    {
        if (_isComplete)
            return;
        _isComplete = true;
        _open.Signal();
    }

    private async Task FollowAsync(Watch watch)
    {
        try
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_cancelled);
            if (_options.Wait)
                deadline.CancelAfter(_options.Timeout < LongestTimeout ? _options.Timeout : LongestTimeout);
            _results.Enqueue(await ResultAsync(watch, deadline.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (_cancelled.IsCancellationRequested)
        {
            // Asked to end: there is no result.
        }
        catch (OperationCanceledException)
        {
            _results.Enqueue(new BatchStatusResult(watch.BatchId, watch.Last, NotInTime(watch)));
        }
#pragma warning disable CA1031 // an exception on this task would be lost, and the owner would wait for ever
        catch (Exception e)
        {
            _results.Enqueue(new BatchStatusResult(watch.BatchId, watch.Last, e));
        }
#pragma warning restore CA1031
        finally
        {
            _open.Signal();
        }
    }

    private async Task<BatchStatusResult> ResultAsync(Watch watch, CancellationToken cancellation)
    {
        while (true)
        {
            watch.Failure = await AskAsync(watch, cancellation).ConfigureAwait(false);
            if (watch.Failure is null && (!_options.Wait || watch.Last!.IsFinal))
                return new BatchStatusResult(watch.BatchId, watch.Last, null);
            if (watch.Failure is { } failure && (!failure.IsTransient || (!_options.Wait && watch.Failures > _connection.MaximumRetryCount)))
                return new BatchStatusResult(watch.BatchId, watch.Last, failure);
            if (watch.Unknown.Elapsed >= _options.UnknownPatience)
                return new BatchStatusResult(watch.BatchId, watch.Last, NotKnown(watch));
            await Task.Delay(Pause(watch), cancellation).ConfigureAwait(false);
        }
    }

    /// <returns>Why there is no answer, or null if there is one.</returns>
    private async Task<TargetServiceException?> AskAsync(Watch watch, CancellationToken cancellation)
    {
        await _places.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            using var turn = await _budget.TakeAsync(isSubmit: false, null, cancellation).ConfigureAwait(false);
            try
            {
                watch.Last = await _client.GetBatchStatusAsync(watch.BatchId, watch.StatusUri, watch.SubmittedAt, _options.Detailed, cancellation).ConfigureAwait(false);
                turn.Passed();
                watch.Failures = 0;
                if (watch.Last.State != BatchProcessingState.Unknown)
                    watch.Unknown.Reset();
                else
                    watch.Unknown.Start();
                return null;
            }
            catch (TargetServiceException e)
            {
                watch.Failures++;
                if (e.Kind == ServiceFailureKind.Throttled)
                    turn.Shut(_connection.Options.RetryDelays.For(1, throttled: true, e.RetryAfter));
                else if (e.StatusCode is not null)
                    turn.Passed();
                return e;
            }
        }
        finally
        {
            _places.Release();
        }
    }

    private TimeSpan Pause(Watch watch)
    {
        // The gate holds the next question back as long as the service wants it to.
        if (watch.Failure is { } failure)
            return failure.Kind == ServiceFailureKind.Throttled ? TimeSpan.Zero : _connection.Options.RetryDelays.For(watch.Failures, throttled: false, failure.RetryAfter);
        watch.Pause = watch.Pause == TimeSpan.Zero ? FirstPause : TimeSpan.FromTicks((long)(watch.Pause.Ticks * 1.6));
        return watch.Pause = watch.Pause < _options.PollInterval ? watch.Pause : _options.PollInterval;
    }

    private TargetServiceException NotInTime(Watch watch)
    {
        var reason = watch.Failure is { } failure
            ? $"no status could be had: {failure.Message}"
            : watch.Last is null ? "no status could be had" : $"it is still '{watch.Last.RawStatus}'";
        return new TargetServiceException(
            ServiceFailureKind.TimedOut,
            FormattableString.Invariant($"Batch {watch.BatchId}: after {_options.Timeout.TotalSeconds:N0} s, {reason}."),
            "Ask again later: Target may take up to a day. Statuses are kept for a day at most.");
    }

    private static TargetServiceException NotKnown(Watch watch) => new(
        ServiceFailureKind.BatchUnknown,
        $"Batch {watch.BatchId}: the service does not know it, or not any more: it says '{watch.Last!.RawStatus}'.",
        "Check the batch id and the client code. Statuses are kept for a day at most.");

    private sealed class Watch(string batchId, Uri? statusUri, DateTime? submittedAt)
    {
        public string BatchId { get; } = batchId;

        public Uri? StatusUri { get; } = statusUri;

        public DateTime? SubmittedAt { get; } = submittedAt;

        /// <summary>Runs while the service does not know the batch.</summary>
        public Stopwatch Unknown { get; } = new();

        public TimeSpan Pause { get; set; }

        public int Failures { get; set; }

        public TargetServiceException? Failure { get; set; }

        public TargetBatchStatus? Last { get; set; }
    }
}
