using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TargetProfiles.Core.Tests;

/// <summary>
/// A forward proxy on loopback: tunnels (CONNECT) and plain requests, with credentials if it is given some. It leads every
/// tunnel to one TLS port of this machine, whatever host was asked for, and keeps all it was told in clear.
/// </summary>
internal sealed class ForwardProxy : IDisposable
{
    private readonly LoopbackListener _listener;
    private readonly ConcurrentQueue<string> _heads = new();
    private readonly int _tunnelTarget;
    private readonly string? _authorization;
    private int _served;
    private int _challenged;

    public ForwardProxy(int tunnelTarget = 0, NetworkCredential? credential = null)
    {
        _tunnelTarget = tunnelTarget;
        _authorization = credential is null ? null : $"Proxy-Authorization: Basic {Convert.ToBase64String(Encoding.ASCII.GetBytes($"{credential.UserName}:{credential.Password}"))}\r\n";
        _listener = new LoopbackListener(ServeAsync);
        Address = new Uri($"http://127.0.0.1:{_listener.Port}");
    }

    public Uri Address { get; }

    /// <summary>First lines of what was asked, once each.</summary>
    public IEnumerable<string> Asked => _heads.Select(head => head.Split("\r\n")[0]).Distinct().Order(StringComparer.Ordinal);

    public string InClear => string.Concat(_heads);

    /// <summary>Requests that were led on.</summary>
    public int Served => Volatile.Read(ref _served);

    /// <summary>Requests that were answered with 407.</summary>
    public int Challenged => Volatile.Read(ref _challenged);

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync(NetworkStream near)
    {
        var head = await HeadAsync(near);
        _heads.Enqueue(head);
        if (_authorization is not null && !head.Contains(_authorization, StringComparison.OrdinalIgnoreCase))
            await ChallengeAsync(near, head);
        else if (head.StartsWith("CONNECT ", StringComparison.Ordinal))
            await TunnelAsync(near);
        else
            await ForwardAsync(near, head);
    }

    private static async Task<string> HeadAsync(NetworkStream near)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await near.ReadExactlyAsync(one);
            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    private async Task ChallengeAsync(NetworkStream near, string head)
    {
        Interlocked.Increment(ref _challenged);
        // What is left unread when a connection closes may take the reply with it.
        await near.ReadExactlyAsync(new byte[BodyLength(head)]);
        await near.WriteAsync("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"proxy\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
    }

    private async Task TunnelAsync(NetworkStream near)
    {
        using var target = new TcpClient();
        await target.ConnectAsync(IPAddress.Loopback, _tunnelTarget);
        Interlocked.Increment(ref _served);
        await near.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray());
        var far = target.GetStream();
        await Task.WhenAny(near.CopyToAsync(far, _listener.Stopped), far.CopyToAsync(near, _listener.Stopped));
    }

    private async Task ForwardAsync(NetworkStream near, string head)
    {
        var lines = head.Split("\r\n");
        var request = lines[0].Split(' ');
        var address = new Uri(request[1]);
        var kept = lines.Skip(1).Where(line => line.Length > 0 && !line.StartsWith("Proxy-", StringComparison.OrdinalIgnoreCase) && !line.StartsWith("Connection:", StringComparison.OrdinalIgnoreCase));
        var forwarded = string.Join("\r\n", [$"{request[0]} {address.PathAndQuery} {request[2]}", .. kept, "Via: 1.1 proxy", "Connection: close", "", ""]);
        var body = new byte[BodyLength(head)];
        await near.ReadExactlyAsync(body);
        using var target = new TcpClient();
        await target.ConnectAsync(address.Host, address.Port);
        Interlocked.Increment(ref _served);
        var far = target.GetStream();
        await far.WriteAsync(Encoding.ASCII.GetBytes(forwarded));
        await far.WriteAsync(body);
        await far.CopyToAsync(near, _listener.Stopped);
    }

    private static int BodyLength(string head) => head.Split("\r\n")
        .Where(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
        .Select(line => int.Parse(line["Content-Length:".Length..].Trim(), System.Globalization.CultureInfo.InvariantCulture))
        .FirstOrDefault();
}
