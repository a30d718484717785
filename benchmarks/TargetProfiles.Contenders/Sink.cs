using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TargetProfiles.Contenders;

/// <summary>Takes every batch and forgets it, as fast as the machine can or at a pace.</summary>
internal sealed class Sink : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    // What came while a thread overslept is let through at once; what did not come is lost, as on a line.
    private static readonly TimeSpan Oversleeping = TimeSpan.FromMilliseconds(5);

    private readonly int _megabits;
    private readonly object _line = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _lineIsFree;
    private long _bytes;
    private int _bodies;
    private long _firstRequestAt;

    public Sink(int megabits)
    {
        _megabits = megabits;
        _listener.Start();
        new Thread(Accept) { IsBackground = true }.Start();
    }

    public string Endpoint => $"http://{_listener.LocalEndpoint}";

    /// <summary>Bytes of bodies since the last call.</summary>
    public (long Bytes, int Bodies) Take()
    {
        Interlocked.Exchange(ref _firstRequestAt, 0);
        return (Interlocked.Exchange(ref _bytes, 0), Interlocked.Exchange(ref _bodies, 0));
    }

    /// <summary>Bodies taken since the last <see cref="Take"/>.</summary>
    public int Bodies => Volatile.Read(ref _bodies);

    /// <summary>When the first request since the last <see cref="Take"/> came, in ticks of <see cref="Stopwatch"/>; 0 if none did.</summary>
    public long FirstRequestAt => Interlocked.Read(ref _firstRequestAt);

    public void Dispose() => _listener.Dispose();

    private void Accept()
    {
        try
        {
            while (true)
            {
                var socket = _listener.AcceptSocket();
                new Thread(() => Serve(socket)) { IsBackground = true }.Start();
            }
        }
        catch (SocketException)
        {
            // Disposed.
        }
    }

    private void Serve(Socket socket)
    {
        using (socket)
        {
            try
            {
                socket.NoDelay = true;
                var buffer = new byte[1 << 20];
                var held = 0;
                while (ServeOne(socket, buffer, ref held))
                {
                }
            }
            catch (SocketException)
            {
                // A contender that ends does not take leave.
            }
        }
    }

    private bool ServeOne(Socket socket, byte[] buffer, ref int held)
    {
        int end;
        while ((end = buffer.AsSpan(0, held).IndexOf("\r\n\r\n"u8)) < 0)
        {
            var read = socket.Receive(buffer, held, buffer.Length - held, SocketFlags.None);
            if (read == 0)
                return false;
            held += read;
        }

        Interlocked.CompareExchange(ref _firstRequestAt, Stopwatch.GetTimestamp(), 0);
        var head = Encoding.ASCII.GetString(buffer, 0, end);
        var length = head.Split("\r\n").Select(line => line.Split(':', 2)).Where(pair => pair[0].Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
            .Select(pair => long.Parse(pair[1], CultureInfo.InvariantCulture)).FirstOrDefault();
        if (head.Contains("100-continue", StringComparison.OrdinalIgnoreCase))
            socket.Send("HTTP/1.1 100 Continue\r\n\r\n"u8);
        var got = (long)held - end - 4;
        held = 0;
        while (got < length)
        {
            var read = socket.Receive(buffer, 0, (int)Math.Min(buffer.Length, length - got), SocketFlags.None);
            if (read == 0)
                return false;
            got += read;
            Pace(read);
        }

        Interlocked.Add(ref _bytes, length);
        Interlocked.Increment(ref _bodies);
        var body = $"<response><success>true</success><batchStatus>{Endpoint}/m2/acme/profile/batchStatus?batchId=acme-1-{_bodies}</batchStatus><message>Batch submitted for processing</message></response>";
        socket.Send(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
        return true;
    }

    /// <summary>Waits until so many bytes have come over the line that all connections share.</summary>
    private void Pace(int bytes)
    {
        if (_megabits == 0)
            return;
        TimeSpan due;
        lock (_line)
        {
            var now = _clock.Elapsed;
            _lineIsFree = (_lineIsFree > now - Oversleeping ? _lineIsFree : now - Oversleeping) + TimeSpan.FromSeconds(bytes * 8.0 / 1e6 / _megabits);
            due = _lineIsFree - now;
        }

        if (due > TimeSpan.FromMilliseconds(1))
            Thread.Sleep(due);
    }
}
