using System.Collections.Concurrent;
using System.Diagnostics;
using TargetProfiles.Sending.Journal;
using TargetProfiles.Service;

namespace TargetProfiles.Sending;

/// <summary>
/// Asks for the statuses of many batches in the background: whenever the call budget has a turn, the oldest of the batches
/// whose pause is over. What is final is in the journal before it is told. Whoever adds a batch never waits, so a sender in
/// front of it is not held up.
/// </summary>
public sealed class BatchStatusPoller : IDisposable
{
    /// <summary>A question that gets no answer must not hold up the others.</summary>
    private const int MostUnanswered = 4;

    private const int FailuresOfAnOutage = 3;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);
    private static readonly CancellationToken AtOnce = new(canceled: true);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(20);

    private readonly TargetConnection _connection;
    private readonly BatchStatusOptions _options;
    private readonly TargetClient _client;
    private readonly CallBudget _budget;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly CancellationToken _cancelled;
    private readonly ConcurrentQueue<BatchStatusResult> _results = new();
    private readonly StatusRetention _retention = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<Watch> _pausing = [];
    private readonly Dictionary<string, List<TargetBatchStatus>> _unrecorded = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _changed = new(0);
    private readonly SemaphoreSlim _places = new(MostUnanswered);
    private readonly CountdownEvent _open = new(1);
    private Task? _asking;
    private Exception? _journalFailure;
    private string? _outage;
    private int _failuresInARow;
    private bool _isOver;
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
        Loss = new LostRows(options.MaximumLossRate);
        foreach (var batchId in connection.SubmittedBatchIds)
            _retention.Add(batchId, null);
    }

    /// <summary>Batches without a result.</summary>
    public int OpenCount => _open.CurrentCount - (_isComplete ? 0 : 1);

    /// <summary>Why final statuses are not in their journal, in words; null if all are.</summary>
    public string? JournalFailure
    {
        get
        {
            lock (_unrecorded)
            {
                var count = _unrecorded.Values.Sum(statuses => statuses.Count);
                return count == 0 ? null : FormattableString.Invariant($"The status of {count:N0} batches is not in the journal, and will be asked for again. {_journalFailure!.Message}");
            }
        }
    }

    /// <summary>Adds a batch; returns at once.</summary>
    public void Add(FollowedBatch batch)
    {
        if (batch is null)
            throw new ArgumentNullException(nameof(batch));
        _retention.Add(batch.BatchId, batch.SubmittedAt);
        var watch = new Watch(batch, _cancelled);
        _open.AddCount();
        if (_options.Wait)
            watch.EndAfter(_options.Timeout < LongestTimeout ? _options.Timeout : LongestTimeout, () => EndPaused(watch));
        Pause(watch, TimeSpan.Zero);
        _asking ??= Task.Run(AskAsync);
    }

    /// <summary>Adds a batch that no journal records; returns at once.</summary>
    public void Add(string batchId, Uri? statusUri, DateTime? submittedAt) => Add(new FollowedBatch(batchId) { StatusUri = statusUri, SubmittedAt = submittedAt });

    /// <summary>
    /// Adds the accepted batches of a journal. Where it records the service's last word, that is the result, and the service
    /// is not asked: it keeps the statuses of its latest batches only.
    /// </summary>
    /// <returns>The batches that were added.</returns>
    public IReadOnlyList<TargetProfileBatch> AddJournal(TargetProfileJournal journal, Func<TargetProfileBatch, bool>? choose = null)
    {
        if (journal is null)
            throw new ArgumentNullException(nameof(journal));
        List<TargetProfileBatch> accepted = [.. journal.Batches.Where(batch => batch is { State: BatchState.Accepted, BatchId: not null })];
        foreach (var batch in accepted)
            _retention.Add(batch.BatchId!, batch.SubmittedAt);
        List<TargetProfileBatch> chosen = [.. accepted.Where(batch => choose?.Invoke(batch) ?? true)];
        foreach (var batch in chosen)
        {
            if (batch.Status is { IsFinal: true } recorded)
                _results.Enqueue(new BatchStatusResult(recorded.BatchId, recorded, null));
            else
                Add(FollowedBatch.Of(batch));
        }

        return chosen;
    }

    /// <summary>What to tell the user while no call gets through, and it is waited all the same; null otherwise.</summary>
    public string? Outage => Volatile.Read(ref _outage);

    /// <summary>The rows of the results that were taken, held against the service's counts.</summary>
    public LostRows Loss { get; }

    /// <summary>Takes a result if there is one; returns at once.</summary>
    public bool TryTake(out BatchStatusResult? result)
    {
        if (!_results.TryDequeue(out result))
            return false;
        if (result.Status is not null)
            Loss.Add(result.Status);
        return true;
    }

    /// <summary>No more batches come: waits until each has its result, calling back meanwhile.</summary>
    /// <exception cref="OperationCanceledException">The poller was cancelled.</exception>
    public void Complete(Action onPause)
    {
        if (onPause is null)
            throw new ArgumentNullException(nameof(onPause));
        NoMore();
        while (!_open.Wait(Patience))
            onPause();
        lock (_unrecorded)
            RecordAll(_cancelled);
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
        _asking?.Wait();
        _open.Wait();
        _open.Dispose();
        _places.Dispose();
        _changed.Dispose();
        _cancellation.Dispose();
    }

    private void NoMore()
    {
        if (_isComplete)
            return;
        _isComplete = true;
        _open.Signal();
    }

    /// <summary>Begins one question after the other, until it is cancelled.</summary>
    private async Task AskAsync()
    {
        Exception? failure = null;
        try
        {
            while (true)
            {
                await _places.WaitAsync(_cancelled).ConfigureAwait(false);
                var (watch, turn) = await NextAsync().ConfigureAwait(false);
                _ = FollowAsync(watch, turn);
            }
        }
        catch (OperationCanceledException)
        {
            // Asked to end.
        }
#pragma warning disable CA1031 // an exception on this task would be lost, and the owner would wait for ever
        catch (Exception e)
        {
            failure = e;
        }
#pragma warning restore CA1031

        EndAllPaused(failure);
    }

    /// <summary>Waits until a batch is to be asked for and a turn is free, and only then chooses the oldest.</summary>
    private async Task<(Watch Watch, CallBudget.Turn Turn)> NextAsync()
    {
        while (true)
        {
            await DueAsync().ConfigureAwait(false);
            var turn = await _budget.TakeAsync(isSubmit: false, null, _cancelled).ConfigureAwait(false);
            if (TakeOldestDue() is { } watch)
                return (watch, turn);
            turn.Dispose();
        }
    }

    private async Task DueAsync()
    {
        while (true)
        {
            var wait = Timeout.InfiniteTimeSpan;
            lock (_pausing)
            {
                if (_pausing.Count > 0)
                {
                    var left = _pausing.Min(watch => watch.DueAt) - _clock.Elapsed;
                    if (left <= TimeSpan.Zero)
                        return;
                    wait = left + TimeSpan.FromMilliseconds(1);
                }
            }

            await _changed.WaitAsync(wait, _cancelled).ConfigureAwait(false);
        }
    }

    private Watch? TakeOldestDue()
    {
        lock (_pausing)
        {
            var now = _clock.Elapsed;
            Watch? oldest = null;
            foreach (var watch in _pausing)
            {
                if (watch.DueAt <= now && (oldest is null || watch.SubmittedAt < oldest.SubmittedAt))
                    oldest = watch;
            }

            if (oldest is not null)
                _pausing.Remove(oldest);
            return oldest;
        }
    }

    private async Task FollowAsync(Watch watch, CallBudget.Turn turn)
    {
        BatchStatusResult? result = null;
        var isEnded = true;
        try
        {
            using (turn)
                watch.Failure = await AskAsync(watch, turn).ConfigureAwait(false);
            result = ResultOf(watch);
            isEnded = result is not null;
        }
        catch (OperationCanceledException) when (_cancelled.IsCancellationRequested)
        {
            // Asked to end: there is no result.
        }
        catch (OperationCanceledException)
        {
            result = NotInTime(watch);
        }
#pragma warning disable CA1031 // an exception on this task would be lost, and the owner would wait for ever
        catch (Exception e)
        {
            result = new BatchStatusResult(watch.BatchId, watch.Last, e);
        }
#pragma warning restore CA1031

        _places.Release();
        if (isEnded)
            End(watch, result);
        else
            Pause(watch, PauseAfter(watch));
    }

    /// <returns>Why there is no answer, or null if there is one.</returns>
    private async Task<TargetServiceException?> AskAsync(Watch watch, CallBudget.Turn turn)
    {
        try
        {
            // With counts alone it can be told whether rows failed.
            var batch = watch.Batch;
            var status = await _client.GetBatchStatusAsync(batch.BatchId, batch.StatusUri, batch.SubmittedAt, _options.Detailed || _options.Wait || batch.JournalPath is not null, watch.Deadline).ConfigureAwait(false);
            turn.Passed();
            watch.Failures = 0;
            _failuresInARow = 0;
            Volatile.Write(ref _outage, null);
            status.Rows = batch.Rows;
            watch.Last = status;
            if (status.State != BatchProcessingState.Unknown)
                watch.Unknown.Reset();
            else
                watch.Unknown.Start();
            return null;
        }
        catch (TargetServiceException e)
        {
            watch.Failures++;
            if (Interlocked.Increment(ref _failuresInARow) >= FailuresOfAnOutage && e.IsTransient && _options.Wait)
                Volatile.Write(ref _outage, $"Target gives no statuses just now, and is asked again until the time to wait is over. {e.Message}");
            if (e.Kind == ServiceFailureKind.Throttled)
                turn.Shut(_connection.Options.RetryDelays.For(1, throttled: true, e.RetryAfter));
            else if (e.StatusCode is not null)
                turn.Passed();
            return e;
        }
    }

    /// <returns>The result; null if the batch is to be asked for again.</returns>
    private BatchStatusResult? ResultOf(Watch watch)
    {
        var isPatienceOver = watch.Unknown.Elapsed >= _options.UnknownPatience;
        // A batch may be unknown because it is too young, too: an edge may learn of it late.
        if (watch is { Failure: null, Last: { State: BatchProcessingState.Unknown } unknown }
            && _retention.IsOver(watch.BatchId, unknown.CheckedAt)
            && (isPatienceOver || unknown.CheckedAt - watch.SubmittedAt >= _options.UnknownPatience))
        {
            watch.Last = unknown.AsExpired();
        }

        if (watch.Failure is null && (!_options.Wait || watch.Last!.IsFinal))
            return new BatchStatusResult(watch.BatchId, watch.Last, null);
        if (watch.Failure is { } failure && (!failure.IsTransient || (!_options.Wait && watch.Failures > _connection.MaximumRetryCount)))
            return new BatchStatusResult(watch.BatchId, watch.Last, failure);
        return isPatienceOver && watch.Failure is null ? new BatchStatusResult(watch.BatchId, watch.Last, NotKnown(watch)) : null;
    }

    private TimeSpan PauseAfter(Watch watch)
    {
        // The gate holds the next question back as long as the service wants it to.
        if (watch.Failure is { } failure)
            return failure.Kind == ServiceFailureKind.Throttled ? TimeSpan.Zero : _connection.Options.RetryDelays.For(watch.Failures, throttled: false, failure.RetryAfter);
        watch.LastPause = watch.LastPause == TimeSpan.Zero ? FirstPause : TimeSpan.FromTicks((long)(watch.LastPause.Ticks * 1.6));
        watch.LastPause = watch.LastPause < _options.PollInterval ? watch.LastPause : _options.PollInterval;
        // Where the calls do not suffice, the oldest must not take those of all others.
        var round = _connection.CallsPerMinute == 0 ? TimeSpan.Zero : TimeSpan.FromMinutes((double)OpenCount / _connection.CallsPerMinute);
        return round > _options.PollInterval ? round : watch.LastPause;
    }

    private void Pause(Watch watch, TimeSpan pause)
    {
        bool isOver;
        lock (_pausing)
        {
            isOver = _isOver;
            if (!isOver && !watch.Deadline.IsCancellationRequested)
            {
                watch.DueAt = _clock.Elapsed + pause;
                _pausing.Add(watch);
                _changed.Release();
                return;
            }
        }

        End(watch, isOver || _cancelled.IsCancellationRequested ? null : NotInTime(watch));
    }

    private void EndPaused(Watch watch)
    {
        lock (_pausing)
        {
            if (_cancelled.IsCancellationRequested || !_pausing.Remove(watch))
                return;
        }

        End(watch, NotInTime(watch));
    }

    private void EndAllPaused(Exception? failure)
    {
        List<Watch> all;
        lock (_pausing)
        {
            _isOver = true;
            all = [.. _pausing];
            _pausing.Clear();
        }

        foreach (var watch in all)
            End(watch, failure is null ? null : new BatchStatusResult(watch.BatchId, watch.Last, failure));
    }

    /// <param name="watch">The batch.</param>
    /// <param name="result">What came of it; null if the poller was asked to end before.</param>
    private void End(Watch watch, BatchStatusResult? result)
    {
        if (result?.Status is { IsFinal: true } status && watch.Batch.JournalPath is string path)
            Record(path, status);
        if (result is not null)
            _results.Enqueue(result);
        watch.Dispose();
        _open.Signal();
    }

    private void Record(string path, TargetBatchStatus status)
    {
        lock (_unrecorded)
        {
            if (!_unrecorded.TryGetValue(path, out var statuses))
                _unrecorded[path] = statuses = [];
            statuses.Add(status);
            RecordAll(AtOnce);
        }
    }

    /// <summary>Records what could not be recorded before too: another process may have had the journal open.</summary>
    /// <param name="giveUp">Ends waiting for that process. While batches are asked for, it is not waited for: the end tries again.</param>
    private void RecordAll(CancellationToken giveUp)
    {
        foreach (var path in _unrecorded.Keys.ToList())
        {
            try
            {
                StatusJournal.Add(path, _unrecorded[path], _options.Files, giveUp);
                _unrecorded.Remove(path);
            }
            catch (Exception e) when (e is JournalException or IOException or UnauthorizedAccessException)
            {
                _journalFailure = e;
            }
        }
    }

    private BatchStatusResult NotInTime(Watch watch)
    {
        var reason = watch.Failure is { } failure
            ? $"no status could be had: {failure.Message.TrimEnd('.')}"
            : watch.Last is null ? "no status could be had" : $"it is still '{watch.Last.RawStatus}'";
        return new BatchStatusResult(watch.BatchId, watch.Last, new TargetServiceException(
            ServiceFailureKind.TimedOut,
            FormattableString.Invariant($"Batch {watch.BatchId}: after {_options.Timeout.TotalSeconds:N0} s, {reason}."),
            "Ask again later: Target may take up to a day. Statuses are kept for a day at most."));
    }

    private static TargetServiceException NotKnown(Watch watch) => new(
        ServiceFailureKind.BatchUnknown,
        $"Batch {watch.BatchId}: the service does not know it: it says '{watch.Last!.RawStatus}'.",
        "Check the batch id and the client code.");

    private sealed class Watch : IDisposable
    {
        private readonly CancellationTokenSource _deadline;
        private CancellationTokenRegistration _onDeadline;

        public Watch(FollowedBatch batch, CancellationToken cancelled)
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

        /// <summary>Cancelled when the time to wait for it is over, and with the poller.</summary>
        public CancellationToken Deadline { get; }

        /// <summary>Runs while the service does not know the batch.</summary>
        public Stopwatch Unknown { get; } = new();

        public TimeSpan DueAt { get; set; }

        public TimeSpan LastPause { get; set; }

        public int Failures { get; set; }

        public TargetServiceException? Failure { get; set; }

        public TargetBatchStatus? Last { get; set; }

        public void EndAfter(TimeSpan timeout, Action end)
        {
            _onDeadline = Deadline.Register(end);
            _deadline.CancelAfter(timeout);
        }

        public void Dispose()
        {
            _onDeadline.Dispose();
            _deadline.Dispose();
        }
    }
}
