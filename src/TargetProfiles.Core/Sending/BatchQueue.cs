using System.Collections.Concurrent;
using TargetProfiles.Batches;
using TargetProfiles.Sending.Journal;

namespace TargetProfiles.Sending;

/// <summary>
/// Sends batches in the background, some at a time, and hands their outcomes back in batch order. Holds at most one batch
/// per place: whoever adds one waits for room first.
/// </summary>
internal sealed class BatchQueue : IDisposable
{
    private const int RefusalsInARowThatStop = 3;

    private readonly BatchUploader _uploader;
    private readonly RunAccounting _accounting;
    private readonly ConcurrentQueue<RunMessage> _messages;
    private readonly CancellationToken _cancellation;
    private readonly SemaphoreSlim _places;
    private readonly int _placeCount;
    private readonly object _lock = new();
    private readonly Dictionary<int, TargetProfileBatch[]> _outcomes = [];
    private readonly Queue<int> _untold = new();
    private readonly RunJournal? _journal;
    private int _told;
    private int _refusalsInARow;
    private int _live;
    private Exception? _failure;

    public BatchQueue(BatchUploader uploader, RunAccounting accounting, ConcurrentQueue<RunMessage> messages, int places, RunJournal? journal, CancellationToken cancellation)
    {
        _uploader = uploader;
        _accounting = accounting;
        _messages = messages;
        _cancellation = cancellation;
        _placeCount = places;
        _journal = journal;
        _places = new SemaphoreSlim(places, places);
    }

    /// <summary>Why nothing more is sent; null while all is well.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    /// <summary>Uploads under way.</summary>
    public int LiveCount => Volatile.Read(ref _live);

    /// <summary>Batches told so far.</summary>
    public int DoneCount => Volatile.Read(ref _told);

    /// <summary>Waits a moment for a free place.</summary>
    public bool TryTakePlace(TimeSpan patience) => _places.Wait(patience);

    /// <summary>Gives back a place that was taken and is not needed.</summary>
    public void ReturnPlace() => _places.Release();

    /// <summary>Starts sending; a place must have been taken.</summary>
    public void Start(SealedBatch batch)
    {
        Expect(batch);
        Interlocked.Increment(ref _live);
        _ = Task.Run(() => SendAsync(batch));
    }

    /// <summary>Ends the sending: batches that have not begun are skipped.</summary>
    public void Stop(Exception reason) => Interlocked.CompareExchange(ref _failure, reason, null);

    /// <summary>Records a batch as not sent, without a try.</summary>
    public void Skip(SealedBatch batch)
    {
        Expect(batch);
        using (batch)
            Finish(new TargetProfileBatch(batch.Number, batch.StateBefore, batch.FirstRow, batch.LastRow, batch.RowCount, batch.Length) { Message = "The run stopped before this batch." });
    }

    /// <summary>Records a batch that is not there any more as not sent.</summary>
    public void Skip(TargetProfileBatch batch)
    {
        lock (_lock)
            _untold.Enqueue(batch.Number);
        Finish(batch);
    }

    /// <summary>Waits a moment for all uploads to end.</summary>
    public bool WaitForAll(TimeSpan patience)
    {
        var taken = 0;
        try
        {
            while (taken < _placeCount && _places.Wait(taken == 0 ? patience : TimeSpan.Zero))
                taken++;
            return taken == _placeCount;
        }
        finally
        {
            if (taken > 0)
                _places.Release(taken);
        }
    }

    public void Dispose() => _places.Dispose();

    private async Task SendAsync(SealedBatch batch)
    {
        var length = batch.Length;
        var state = batch.StateBefore;
        try
        {
            using (batch)
            {
                batch.RequireItsRows();
                state = BatchState.Uncertain;
                var whole = await UploadAsync(batch).ConfigureAwait(false);
                if (whole.IsTooLarge && batch.RowCount > 1 && batch.Part == 0)
                    await SendHalvesAsync(batch).ConfigureAwait(false);
                else
                    Finish(Recorded(whole));
            }
        }
        catch (JournalException e)
        {
            Fail(batch.StateBefore, e);
        }
#pragma warning disable CA1031 // an exception on this task would be lost, and the run would wait for ever
        catch (Exception e)
        {
            Fail(state, e);
        }
#pragma warning restore CA1031
        finally
        {
            Interlocked.Decrement(ref _live);
            _places.Release();
        }

        void Fail(BatchState outcome, Exception reason)
        {
            Stop(reason);
            Finish(new TargetProfileBatch(batch.Number, outcome, batch.FirstRow, batch.LastRow, batch.RowCount, length) { Message = reason.Message });
        }
    }

    private Task<TargetProfileBatch> UploadAsync(SealedBatch batch) =>
        _uploader.UploadAsync(batch, () => _cancellation.IsCancellationRequested || Failure is not null, _cancellation);

    /// <summary>Something on the way takes less than the service says it takes: halves may pass.</summary>
    private async Task SendHalvesAsync(SealedBatch batch)
    {
        _messages.Enqueue(new RunMessage.Warning(FormattableString.Invariant(
            $"Batch {batch.Number} with {batch.Length:N0} bytes was too large (413), so it is sent in two halves. A smaller -MaxBatchBytes saves the first try.")));
        var (first, second) = batch.Halves();
        using (first)
        using (second)
        {
            var firstDone = Recorded(await UploadAsync(first).ConfigureAwait(false));
            Finish(firstDone, Recorded(await UploadAsync(second).ConfigureAwait(false)));
        }
    }

    private void Expect(SealedBatch batch)
    {
        lock (_lock)
            _untold.Enqueue(batch.Number);
    }

    /// <summary>Brings an outcome to the disk before it is told.</summary>
    private TargetProfileBatch Recorded(TargetProfileBatch batch)
    {
        try
        {
            _journal?.Add(batch);
        }
        catch (JournalException e)
        {
            Stop(e);
        }

        return batch;
    }

    private void Finish(params TargetProfileBatch[] parts)
    {
        lock (_lock)
        {
            foreach (var part in parts)
            {
                _accounting.CountBatch(part.State, part.Rows);
                part.JournalPath = _journal?.Path;
                StopIfHopeless(part);
            }

            _outcomes.Add(parts[0].Number, parts);
            while (_untold.Count > 0 && _outcomes.TryGetValue(_untold.Peek(), out var next))
            {
                _outcomes.Remove(_untold.Dequeue());
                foreach (var part in next)
                    _messages.Enqueue(new RunMessage.BatchDone(part));
                Volatile.Write(ref _told, _told + 1);
            }
        }
    }

    // A refused batch is that batch's own fault, unless it goes on; anything else would befall every batch.
    private void StopIfHopeless(TargetProfileBatch batch)
    {
        _refusalsInARow = batch.State == BatchState.Refused ? _refusalsInARow + 1 : 0;
        var hopeless = batch.State is BatchState.NotSent or BatchState.Uncertain || _refusalsInARow == RefusalsInARowThatStop;
        if (hopeless && batch.Failure is not null)
            Interlocked.CompareExchange(ref _failure, batch.Failure, null);
    }
}
