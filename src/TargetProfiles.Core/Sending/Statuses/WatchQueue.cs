using System.Diagnostics;

namespace TargetProfiles.Sending.Statuses;

/// <summary>
/// The batches that are to be asked for again, each after its pause; of those whose pause is over, the oldest comes first. One
/// thread takes; any thread may add and remove.
/// </summary>
internal sealed class WatchQueue : IDisposable
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<(BatchWatch Watch, TimeSpan DueAt)> _pausing = [];
    private readonly SemaphoreSlim _changed = new(0);
    private bool _isClosed;

    /// <summary>Adds a batch, unless its deadline is over or the queue is closed.</summary>
    /// <returns>True if it was added.</returns>
    public bool TryAdd(BatchWatch watch, TimeSpan pause)
    {
        lock (_pausing)
        {
            // Under the lock: a deadline either is seen here, or finds the batch in the queue.
            if (_isClosed || watch.Deadline.IsCancellationRequested)
                return false;
            _pausing.Add((watch, _clock.Elapsed + pause));
            _changed.Release();
            return true;
        }
    }

    /// <summary>Waits until the pause of a batch is over.</summary>
    public async Task WaitForDueAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var wait = Timeout.InfiniteTimeSpan;
            lock (_pausing)
            {
                if (_pausing.Count > 0)
                {
                    var left = _pausing.Min(entry => entry.DueAt) - _clock.Elapsed;
                    if (left <= TimeSpan.Zero)
                        return;
                    wait = left + TimeSpan.FromMilliseconds(1);
                }
            }

            await _changed.WaitAsync(wait, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Takes the oldest batch whose pause is over; null if there is none.</summary>
    public BatchWatch? TakeOldestDue()
    {
        lock (_pausing)
        {
            var now = _clock.Elapsed;
            var oldest = -1;
            for (var at = 0; at < _pausing.Count; at++)
            {
                if (_pausing[at].DueAt <= now && (oldest < 0 || _pausing[at].Watch.SubmittedAt < _pausing[oldest].Watch.SubmittedAt))
                    oldest = at;
            }

            if (oldest < 0)
                return null;
            var watch = _pausing[oldest].Watch;
            _pausing.RemoveAt(oldest);
            return watch;
        }
    }

    /// <summary>Removes a batch, if it is in the queue.</summary>
    /// <returns>True if it was.</returns>
    public bool Remove(BatchWatch watch)
    {
        lock (_pausing)
            return _pausing.RemoveAll(entry => entry.Watch == watch) > 0;
    }

    /// <summary>Takes no more batches.</summary>
    /// <returns>Those that were in the queue.</returns>
    public IReadOnlyList<BatchWatch> Close()
    {
        lock (_pausing)
        {
            _isClosed = true;
            List<BatchWatch> left = [.. _pausing.Select(entry => entry.Watch)];
            _pausing.Clear();
            return left;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _changed.Dispose();
}
