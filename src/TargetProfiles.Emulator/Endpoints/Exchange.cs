using TargetProfiles.Emulator.Http;

namespace TargetProfiles.Emulator.Endpoints;

/// <summary>One request from its head to its line in the log.</summary>
internal sealed class Exchange : IDisposable
{
    private readonly RequestLog _log;
    private readonly long _number;
    private readonly DateTimeOffset _receivedAt;
    private bool _logged;

    public Exchange(Connection connection, RequestHead head, Route route, RequestLog log, EmulatorClock clock, long bodyLimit)
    {
        _log = log;
        _logged = route.IsOfLivePage;
        _number = _logged ? 0 : log.NextNumber();
        _receivedAt = clock.UtcNow;
        Connection = connection;
        Head = head;
        Route = route;
        Body = new RequestBody(connection, head, bodyLimit);
    }

    public Connection Connection { get; }

    public RequestHead Head { get; }

    public Route Route { get; }

    public RequestBody Body { get; }

    public WireFault? Fault { get; set; }

    /// <summary>Logs the request; the first call counts, so that it stands in the log before the client sees the reply.</summary>
    public void Log(int statusCode, bool applied = false)
    {
        if (_logged)
        {
            return;
        }

        _logged = true;
        _log.Add(new LoggedRequest
        {
            Number = _number,
            ReceivedAt = _receivedAt,
            Listener = Connection.Listener,
            Method = Head.Method,
            Target = Head.Target,
            Headers = Head.Headers.ConvertAll(Redacted),
            BodyLength = Body.Length,
            BodySha256 = Body.Sha256(),
            ContentType = Head.ContentType,
            StatusCode = statusCode,
            Applied = applied,
            Fault = Fault?.Kind.ToString(),
        });
    }

    public void Dispose()
    {
        // Whatever ended it without a reply, a client that went away for one, is logged as such.
        Log(0);
        Body.Dispose();
    }

    private static KeyValuePair<string, string> Redacted(KeyValuePair<string, string> header)
    {
        if (header.Key.Equals("Authorization", StringComparison.OrdinalIgnoreCase)
            || header.Key.Equals("Proxy-Authorization", StringComparison.OrdinalIgnoreCase))
        {
            int blank = header.Value.IndexOf(' ');
            return new(header.Key, blank < 0 ? "" : header.Value.Substring(0, blank));
        }

        return header.Key.Equals("access_token", StringComparison.OrdinalIgnoreCase) || header.Key.Equals("X-Api-Key", StringComparison.OrdinalIgnoreCase)
            ? new(header.Key, "")
            : header;
    }
}
