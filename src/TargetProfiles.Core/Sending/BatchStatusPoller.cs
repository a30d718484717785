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
/// Asks for the statuses of many batches in the background, within the call budget, the one that is due longest first.
/// Whoever adds a batch never waits, so a sender in front of it is not held up.
/// </summary>
public sealed class BatchStatusPoller : IDisposable
{
    private const int UnknownsThatAreFinal = 3;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    private readonly BatchStatusOptions _options;
    private readonly TargetClient _client;
    private readonly ServiceCalls _calls;
    private readonly CallBudget _budget;
    private readonly RetryDelays _delays;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly CancellationToken _cancelled;
    private readonly ConcurrentQueue<Watch> _added = new();
    private readonly ConcurrentQueue<BatchStatusResult> _results = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Task _polling;
    private int _open;
    private volatile bool _isComplete;

    /// <summary>Starts asking.</summary>
    public BatchStatusPoller(TargetConnection connection, BatchStatusOptions options)
    {
        if (connection is null)
            throw new ArgumentNullException(nameof(connection));
        _options = options ?? throw new ArgumentNullException(nameof(options));
        _client = new TargetClient(connection);
        _calls = new ServiceCalls(connection);
        _budget = CallBudget.For(connection);
        _delays = connection.Options.RetryDelays;
        _cancelled = _cancellation.Token;
        _polling = Task.Run(PollAsync);
    }

    /// <summary>Batches without a result.</summary>
    public int OpenCount => Volatile.Read(ref _open);

    /// <summary>Adds a batch; returns at once.</summary>
    public void Add(string batchId, Uri? statusUri, DateTime? submittedAt)
    {
        Interlocked.Increment(ref _open);
        _added.Enqueue(new Watch(batchId, statusUri, submittedAt, _clock.Elapsed));
        _wake.Release();
    }

    /// <summary>Takes a result if there is one; returns at once.</summary>
    public bool TryTake(out BatchStatusResult? result) => _results.TryDequeue(out result);

    /// <summary>No more batches come: waits until each has its result, calling back meanwhile.</summary>
    /// <exception cref="OperationCanceledException">The poller was cancelled.</exception>
    public void Complete(Action onPause)
    {
        if (onPause is null)
            throw new ArgumentNullException(nameof(onPause));
        _isComplete = true;
        _wake.Release();
        while (!_polling.Wait(Patience))
            onPause();
        onPause();
        _cancelled.ThrowIfCancellationRequested();
    }

    /// <summary>Ends the call under way; no further one begins. May be called from any thread.</summary>
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
        Cancel();
        _polling.Wait();
        _wake.Dispose();
        _cancellation.Dispose();
    }

    private async Task PollAsync()
    {
        var watches = new List<Watch>();
        try
        {
            while (true)
            {
                while (_added.TryDequeue(out var added))
                    watches.Add(added);
                if (watches.Count == 0 && _isComplete && _added.IsEmpty)
                    return;
                var due = watches.Count == 0 ? null : watches.Aggregate((a, b) => b.DueAt < a.DueAt ? b : a);
                var pause = due is null ? Timeout.InfiniteTimeSpan : due.DueAt - _clock.Elapsed;
                if (due is null || pause > TimeSpan.Zero)
                {
                    await _wake.WaitAsync(pause, _cancelled).ConfigureAwait(false);
                    continue;
                }

                if (await AskAsync(due).ConfigureAwait(false) is not { } result)
                    continue;
                watches.Remove(due);
                _results.Enqueue(result);
                Interlocked.Decrement(ref _open);
            }
        }
        catch (OperationCanceledException) when (_cancelled.IsCancellationRequested)
        {
            // Asked to end.
        }
    }

    /// <returns>The result, or null if the batch is to be asked for again.</returns>
    private async Task<BatchStatusResult?> AskAsync(Watch watch)
    {
        TargetServiceException? failure = null;
        try
        {
            var answer = await _calls.RepeatedAsync(
                async () =>
                {
                    var turn = await _budget.TakeAsync(isSubmit: false, null, _cancelled).ConfigureAwait(false);
                    try
                    {
                        var status = await _client.GetBatchStatusAsync(watch.BatchId, watch.StatusUri, watch.SubmittedAt, _options.Detailed, _cancelled).ConfigureAwait(false);
                        _budget.Passed(turn);
                        return status;
                    }
                    catch (Exception e)
                    {
                        if (e is TargetServiceException { Kind: ServiceFailureKind.Throttled } throttled)
                            _budget.Shut(_delays.For(1, throttled: true, throttled.RetryAfter));
                        else
                            _budget.EndedUnknown(turn);
                        throw;
                    }
                },
                _cancelled).ConfigureAwait(false);
            watch.Last = answer;
            watch.Unknowns = answer.State == BatchProcessingState.Unknown ? watch.Unknowns + 1 : 0;
        }
        catch (TargetServiceException e)
        {
            failure = e;
        }
#pragma warning disable CA1031 // an exception on this task would be lost, and the owner would wait for ever
        catch (Exception e) when (!_cancelled.IsCancellationRequested)
        {
            return new BatchStatusResult(watch.BatchId, watch.Last, e);
        }
#pragma warning restore CA1031

        var isOver = failure is null
            ? watch.Last!.IsFinal || watch.Unknowns >= UnknownsThatAreFinal
            : !failure.IsTransient;
        if (isOver || !_options.Wait)
            return new BatchStatusResult(watch.BatchId, watch.Last, failure);
        if (_clock.Elapsed - watch.AddedAt >= _options.Timeout)
        {
            failure ??= new TargetServiceException(
                ServiceFailureKind.TimedOut,
                FormattableString.Invariant($"Batch {watch.BatchId} is still '{watch.Last?.RawStatus}' after {_options.Timeout.TotalSeconds:N0} s."),
                "Ask again later: Target may take up to a day. Statuses are kept for a day at most.");
            return new BatchStatusResult(watch.BatchId, watch.Last, failure);
        }

        watch.Pause = watch.Pause == TimeSpan.Zero ? FirstPause : TimeSpan.FromTicks((long)(watch.Pause.Ticks * 1.6));
        if (watch.Pause > _options.PollInterval)
            watch.Pause = _options.PollInterval;
        var latest = watch.AddedAt + _options.Timeout;
        var next = _clock.Elapsed + watch.Pause;
        watch.DueAt = next > latest ? latest : next;
        return null;
    }

    private sealed class Watch(string batchId, Uri? statusUri, DateTime? submittedAt, TimeSpan addedAt)
    {
        public string BatchId { get; } = batchId;

        public Uri? StatusUri { get; } = statusUri;

        public DateTime? SubmittedAt { get; } = submittedAt;

        public TimeSpan AddedAt { get; } = addedAt;

        public TimeSpan DueAt { get; set; } = addedAt;

        public TimeSpan Pause { get; set; }

        public int Unknowns { get; set; }

        public TargetBatchStatus? Last { get; set; }
    }
}
