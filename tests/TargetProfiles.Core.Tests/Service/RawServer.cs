using System.Net.Sockets;
using System.Text;

namespace TargetProfiles.Core.Tests;

/// <summary>A server without manners: keeps every byte that it gets, and answers each request with whatever a test writes.</summary>
internal sealed class RawServer : IDisposable
{
    private readonly LoopbackListener _listener;
    private readonly MemoryStream _received = new();
    private readonly Func<Stream, Task> _reply;
    private readonly bool _readsBody;

    /// <param name="reply">Writes the reply; the connection is closed when it ends, unless it is a whole reply.</param>
    /// <param name="readsBody">Read the request's body first.</param>
    public RawServer(Func<Stream, Task> reply, bool readsBody = true)
    {
        _reply = reply;
        _readsBody = readsBody;
        _listener = new LoopbackListener(ServeAsync);
    }

    public int Port => _listener.Port;

    public string Address => $"http://127.0.0.1:{Port}";

    public int Connections => _listener.Connections;

    /// <summary>Everything that came in, over all connections.</summary>
    public string Received
    {
        get
        {
            lock (_received)
                return Encoding.Latin1.GetString(_received.ToArray());
        }
    }

    public static Func<Stream, Task> Text(string reply) => stream => stream.WriteAsync(Encoding.Latin1.GetBytes(reply)).AsTask();

    /// <summary>The beginning, then a piece again and again, until the other side hangs up.</summary>
    public static Func<Stream, Task> Endless(string start, string piece, TimeSpan pause = default) => async stream =>
    {
        await Text(start)(stream);
        var bytes = Encoding.Latin1.GetBytes(piece);
        while (true)
        {
            await stream.WriteAsync(bytes);
            if (pause > TimeSpan.Zero)
                await Task.Delay(pause);
        }
    };

    /// <summary>The beginning, then nothing more, without hanging up.</summary>
    public static Func<Stream, Task> Silent(string start) => async stream =>
    {
        await Text(start)(stream);
        _ = await stream.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false);
    };

    /// <summary>The text, and from then on nothing is read or written.</summary>
    public static Func<Stream, Task> Deaf(string reply) => async stream =>
    {
        await Text(reply)(stream);
        await Task.Delay(Wire.Patience);
    };

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync(NetworkStream stream)
    {
        while (await ReadRequestAsync(stream))
            await _reply(stream);
    }

    private async Task<bool> ReadRequestAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var bytes = new byte[64 * 1024];
        var left = -1L;
        while (left != 0)
        {
            var read = await stream.ReadAsync(left < 0 ? bytes.AsMemory(0, 1) : bytes.AsMemory(0, (int)Math.Min(left, bytes.Length)));
            if (read == 0)
                return false;
            lock (_received)
                _received.Write(bytes, 0, read);
            if (left > 0)
            {
                left -= read;
                continue;
            }

            head.Append((char)bytes[0]);
            if (!EndsHead(head))
                continue;
            left = _readsBody ? BodyLength(head.ToString()) : 0;
            if (left > 0 && head.ToString().Contains("100-continue", StringComparison.OrdinalIgnoreCase))
                await Text("HTTP/1.1 100 Continue\r\n\r\n")(stream);
        }

        return true;
    }

    private static bool EndsHead(StringBuilder head) => head.Length > 4 && head[^1] == '\n' && head[^2] == '\r' && head[^3] == '\n';

    private static long BodyLength(string head) => head.Split("\r\n")
        .Where(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
        .Select(line => long.Parse(line["Content-Length:".Length..], System.Globalization.CultureInfo.InvariantCulture)).SingleOrDefault();
}
