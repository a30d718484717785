using System.Collections.Concurrent;
using TargetProfiles.Sending.Journal;
using TargetProfiles.Sending.Statuses;

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

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    private readonly BatchStatusOptions _options;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly CancellationToken _cancelled;
    private readonly StatusRetention _retention = new();
    private readonly StatusCalls _calls;
    private readonly PollPauses _pauses;
    private readonly ResultDecision _decision;
    private readonly StatusRecorder _recorder;
    private readonly WatchQueue _queue = new();
    private readonly ConcurrentQueue<BatchStatusResult> _results = new();
    private readonly SemaphoreSlim _places = new(MostUnanswered);
    private readonly CountdownEvent _open = new(1);
    private Task? _asking;
    private bool _isComplete;
    private bool _isDisposed;

    /// <summary>Creates a poller; it asks nothing before a batch is added.</summary>
    public BatchStatusPoller(TargetConnection connection, BatchStatusOptions options)
    {
        if (connection is null)
            throw new ArgumentNullException(nameof(connection));
        _options = options ?? throw new ArgumentNullException(nameof(options));
        _cancelled = _cancellation.Token;
        _calls = new StatusCalls(connection, options);
        _pauses = new PollPauses(connection, options);
        _decision = new ResultDecision(connection, options, _retention);
        _recorder = new StatusRecorder(options.Files);
        Loss = new LostRows(options.MaximumLossRate);
        foreach (var batchId in connection.SubmittedBatchIds)
            _retention.Add(batchId, null);
    }

    /// <summary>Batches without a result.</summary>
    public int OpenCount => _open.CurrentCount - (_isComplete ? 0 : 1);

    /// <summary>Why final statuses are not in their journal, in words; null if all are.</summary>
    public string? JournalFailure => _recorder.Failure;

    /// <summary>Adds a batch; returns at once.</summary>
    public void Add(FollowedBatch batch)
    {
        if (batch is null)
            throw new ArgumentNullException(nameof(batch));
        _retention.Add(batch.BatchId, batch.SubmittedAt);
        var watch = new BatchWatch(batch, _cancelled);
        _open.AddCount();
        if (_options.Wait)
            watch.EndAfter(_options.Timeout, () => EndPaused(watch));
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
    public string? Outage => _calls.Outage;

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
        _recorder.RecordUnrecorded(_cancelled);
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
        _queue.Dispose();
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
    private async Task<(BatchWatch Watch, CallBudget.Turn Turn)> NextAsync()
    {
        while (true)
        {
            await _queue.WaitForDueAsync(_cancelled).ConfigureAwait(false);
            var turn = await _calls.TakeTurnAsync(_cancelled).ConfigureAwait(false);
            if (_queue.TakeOldestDue() is { } watch)
                return (watch, turn);
            turn.Dispose();
        }
    }

    private async Task FollowAsync(BatchWatch watch, CallBudget.Turn turn)
    {
        BatchStatusResult? result = null;
        var isEnded = true;
        try
        {
            using (turn)
                await _calls.AskAsync(watch, turn).ConfigureAwait(false);
            result = _decision.ResultOf(watch);
            isEnded = result is not null;
        }
        catch (OperationCanceledException) when (_cancelled.IsCancellationRequested)
        {
            // Asked to end: there is no result.
        }
        catch (OperationCanceledException)
        {
            result = _decision.NotInTime(watch);
        }
#pragma warning disable CA1031 // an exception on this task would be lost, and the owner would wait for ever
        catch (Exception e)
        {
            result = ResultDecision.Failed(watch, e);
        }
#pragma warning restore CA1031

        _places.Release();
        if (isEnded)
            End(watch, result);
        else
            Pause(watch, _pauses.After(watch, OpenCount));
    }

    private void Pause(BatchWatch watch, TimeSpan pause)
    {
        if (!_queue.TryAdd(watch, pause))
            End(watch, watch.Deadline.IsCancellationRequested && !_cancelled.IsCancellationRequested ? _decision.NotInTime(watch) : null);
    }

    private void EndPaused(BatchWatch watch)
    {
        // If all is cancelled, all end together.
        if (!_cancelled.IsCancellationRequested && _queue.Remove(watch))
            End(watch, _decision.NotInTime(watch));
    }

    private void EndAllPaused(Exception? failure)
    {
        foreach (var watch in _queue.Close())
            End(watch, failure is null ? null : ResultDecision.Failed(watch, failure));
    }

    /// <param name="watch">The batch.</param>
    /// <param name="result">What came of it; null if the poller was asked to end before.</param>
    private void End(BatchWatch watch, BatchStatusResult? result)
    {
        if (result?.Status is { IsFinal: true } status && watch.Batch.JournalPath is string path)
            _recorder.Record(path, status);
        if (result is not null)
            _results.Enqueue(result);
        watch.Dispose();
        _open.Signal();
    }
}
