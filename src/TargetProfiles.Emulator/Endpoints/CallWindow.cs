namespace TargetProfiles.Emulator.Endpoints;

/// <summary>Counts calls within the last 60 seconds of the emulator's clock. Refused calls do not count (Inferred).</summary>
internal sealed class CallWindow(EmulatorClock clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(60);
    private readonly Queue<DateTimeOffset> _calls = new();

    /// <summary>Calls within the window that ends now.</summary>
    public int Count
    {
        get
        {
            lock (_calls)
            {
                DropUntil(clock.UtcNow);
                return _calls.Count;
            }
        }
    }

    public bool TryTake(int limit)
    {
        lock (_calls)
        {
            DateTimeOffset now = clock.UtcNow;
            DropUntil(now);
            if (_calls.Count >= limit)
            {
                return false;
            }

            _calls.Enqueue(now);
            return true;
        }
    }

    private void DropUntil(DateTimeOffset now)
    {
        while (_calls.Count > 0 && now - _calls.Peek() >= Window)
        {
            _calls.Dequeue();
        }
    }
}
