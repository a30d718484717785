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

    /// <summary>A connection that ended before there was a request to speak of.</summary>
    public void AddWithoutRequest(string listener, DateTimeOffset at, int statusCode, string? fault) => Add(new LoggedRequest
    {
        Number = NextNumber(),
        ReceivedAt = at,
        Listener = listener,
        Method = "",
        Target = "",
        Headers = [],
        BodyLength = 0,
        BodySha256 = null,
        ContentType = null,
        StatusCode = statusCode,
        Applied = false,
        Fault = fault,
    });

    /// <summary>The last ones to be answered, newest first.</summary>
    public LoggedRequest[] Latest(int count)
    {
        lock (_requests)
        {
            return _requests.Skip(_requests.Count - count).Reverse().ToArray();
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
