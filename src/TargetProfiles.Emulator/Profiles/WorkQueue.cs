namespace TargetProfiles.Emulator.Profiles;

/// <summary>
/// Work that waits for its time by the emulator's clock. It is done by a timer, or sooner by whoever looks at the result,
/// so after the clock is moved nobody sees the state from before.
/// </summary>
internal sealed class WorkQueue : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly object _gate;
    private readonly EmulatorClock _clock;
    private readonly EmulatorOptions _options;
    private readonly Timer _timer;
    private readonly List<Entry> _waiting = [];
    private long _sequence;
    private bool _disposed;

    public WorkQueue(object gate, EmulatorClock clock, EmulatorOptions options)
    {
        _gate = gate;
        _clock = clock;
        _options = options;
        _timer = new Timer(_ => OnTimer());
        _clock.Advanced += OnTimer;
    }

    public void Add(DateTimeOffset due, Action<DateTimeOffset> work)
    {
        lock (_gate)
        {
            _waiting.Add(new Entry(due, ++_sequence, work));
            SetTimer();
        }
    }

    /// <summary>Does what is due. The caller holds the gate.</summary>
    public void DoDue(bool all = false)
    {
        while (_waiting.Count > 0 && !_disposed)
        {
            DateTimeOffset now = _clock.UtcNow;
            int next = Next(all ? DateTimeOffset.MaxValue : now);
            if (next < 0)
            {
                break;
            }

            Entry entry = _waiting[next];
            _waiting.RemoveAt(next);
            entry.Work(entry.Due < now ? entry.Due : now);
        }

        if (_waiting.Count == 0)
        {
            Monitor.PulseAll(_gate);
        }

        SetTimer();
    }

    public bool WaitUntilEmpty(TimeSpan timeout)
    {
        var waited = System.Diagnostics.Stopwatch.StartNew();
        lock (_gate)
        {
            DoDue();
            while (_waiting.Count > 0 && !_disposed)
            {
                TimeSpan left = timeout == Timeout.InfiniteTimeSpan ? LongestWait : timeout - waited.Elapsed;
                if (left <= TimeSpan.Zero)
                {
                    return false;
                }

                Monitor.Wait(_gate, left < LongestWait ? left : LongestWait);
            }

            return _waiting.Count == 0;
        }
    }

    public void Dispose()
    {
        _clock.Advanced -= OnTimer;
        _timer.Dispose();

        // A batch under way holds the gate until it notices that the emulator stops; waiting here would hold up Stop.
        Volatile.Write(ref _disposed, true);
        if (Monitor.TryEnter(_gate, 100))
        {
            Monitor.PulseAll(_gate);
            Monitor.Exit(_gate);
        }
    }

    private int Next(DateTimeOffset until)
    {
        int earliest = -1;
        int newest = -1;
        for (int at = 0; at < _waiting.Count; at++)
        {
            if (_waiting[at].Due <= until && (earliest < 0 || _waiting[at].CompareTo(_waiting[earliest]) < 0))
            {
                earliest = at;
            }

            if (newest < 0 || _waiting[at].Sequence > _waiting[newest].Sequence)
            {
                newest = at;
            }
        }

        return earliest >= 0 && _options.ProcessingOrder == ProcessingOrder.Reversed ? newest : earliest;
    }

    private void OnTimer()
    {
        try
        {
            lock (_gate)
            {
                DoDue();
            }
        }
        catch (OperationCanceledException)
        {
            // The emulator stops in the middle of a batch.
        }
    }

    private void SetTimer()
    {
        if (_disposed)
        {
            return;
        }

        DateTimeOffset? due = _waiting.Count == 0 ? null : _waiting.Min(entry => entry.Due);
        double milliseconds = due is null ? -1 : Math.Min(Math.Max(0, (due.Value - _clock.UtcNow).TotalMilliseconds + 1), 86_400_000);
        try
        {
            _timer.Change((long)milliseconds, Timeout.Infinite);
        }
        catch (ObjectDisposedException)
        {
            // Stop came in between.
        }
    }

    private sealed record Entry(DateTimeOffset Due, long Sequence, Action<DateTimeOffset> Work) : IComparable<Entry>
    {
        public int CompareTo(Entry? other) =>
            other is null ? 1 : Due != other.Due ? Due.CompareTo(other.Due) : Sequence.CompareTo(other.Sequence);
    }
}
