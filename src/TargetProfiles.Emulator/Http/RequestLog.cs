namespace TargetProfiles.Emulator.Http;

/// <summary>The last requests, bounded.</summary>
internal sealed class RequestLog(int capacity)
{
    private readonly Queue<LoggedRequest> _requests = new();
    private long _number;

    public long NextNumber() => Interlocked.Increment(ref _number);

    public void Add(LoggedRequest request)
    {
        lock (_requests)
        {
            _requests.Enqueue(request);
            while (_requests.Count > Math.Max(1, capacity))
            {
                _requests.Dequeue();
            }
        }
    }

    /// <summary>A snapshot, by number.</summary>
    public LoggedRequest[] Snapshot()
    {
        lock (_requests)
        {
            return _requests.OrderBy(request => request.Number).ToArray();
        }
    }
}
