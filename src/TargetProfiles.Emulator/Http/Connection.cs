using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace TargetProfiles.Emulator.Http;

/// <summary>One accepted connection: buffered reading, writing, and the ways of ending it.</summary>
internal sealed class Connection(Socket socket, string listener) : IDisposable
{
    private readonly byte[] _buffer = new byte[32 * 1024];
    private Stream _stream = Stream.Null;
    private int _start;
    private int _end;
    private long _lastActivity = Stopwatch.GetTimestamp();
    private long _deadline = long.MaxValue;

    /// <summary><c>submit</c> or <c>edge</c>.</summary>
    public string Listener { get; } = listener;

    /// <summary>Set while a fault holds the connection on purpose, so that idling does not end it.</summary>
    public bool Held { get; set; }

    public async Task OpenAsync(X509Certificate2? certificate)
    {
        socket.NoDelay = true;
        var plain = new NetworkStream(socket, ownsSocket: false);
        _stream = plain;
        if (certificate is not null)
        {
            var secure = new SslStream(plain, leaveInnerStreamOpen: true);
            _stream = secure;
            await secure.AuthenticateAsServerAsync(certificate, false, SslProtocols.None, false).ConfigureAwait(false);
        }
    }

    /// <summary>Takes a byte that has already come; if there is none, <see cref="FillAsync"/> waits for more.</summary>
    public bool TryTake(out byte next)
    {
        bool has = _start < _end;
        next = has ? _buffer[_start++] : (byte)0;
        return has;
    }

    /// <summary>Waits for more bytes; false at the end. Only for when all that came is taken.</summary>
    public async Task<bool> FillAsync()
    {
        _start = 0;
        _end = 0;
        _end = await ReceiveAsync(_buffer, 0, _buffer.Length).ConfigureAwait(false);
        return _end > 0;
    }

    /// <summary>Up to <paramref name="count"/> bytes, 0 at the end.</summary>
    public async Task<int> ReadAsync(byte[] target, int offset, int count)
    {
        if (_start == _end)
        {
            if (count >= _buffer.Length)
            {
                return await ReceiveAsync(target, offset, count).ConfigureAwait(false);
            }

            if (!await FillAsync().ConfigureAwait(false))
            {
                return 0;
            }
        }

        int taken = Math.Min(count, _end - _start);
        Buffer.BlockCopy(_buffer, _start, target, offset, taken);
        _start += taken;
        return taken;
    }

    public async Task WriteAsync(byte[] bytes, int offset, int count)
    {
#if NETSTANDARD2_0
        await _stream.WriteAsync(bytes, offset, count).ConfigureAwait(false);
#else
        await _stream.WriteAsync(bytes.AsMemory(offset, count)).ConfigureAwait(false);
#endif
        Volatile.Write(ref _lastActivity, Stopwatch.GetTimestamp());
    }

    public Task FlushAsync() => _stream.FlushAsync();

    /// <summary>Says that no more is written; the other side sees the end of the stream.</summary>
    public void EndWriting()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The other side was faster.
        }
        catch (ObjectDisposedException)
        {
            // The emulator stops.
        }
    }

    /// <summary>Ends the connection with a reset instead of an orderly close.</summary>
    public void Reset()
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (SocketException)
        {
            // Already gone, which is as good.
        }
        catch (ObjectDisposedException)
        {
            // Likewise.
        }

        socket.Close();
    }

    public void CloseWithin(TimeSpan time) =>
        Volatile.Write(ref _deadline, Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency));

    public bool IsOverdue(TimeSpan idleTimeout)
    {
        long now = Stopwatch.GetTimestamp();
        return now > Volatile.Read(ref _deadline)
            || (!Held && now - Volatile.Read(ref _lastActivity) > idleTimeout.TotalSeconds * Stopwatch.Frequency);
    }

    public void Dispose()
    {
        // The socket first: disposing an SslStream may otherwise write to a peer that does not read.
        socket.Dispose();
        _stream.Dispose();
    }

    private async Task<int> ReceiveAsync(byte[] target, int offset, int count)
    {
#if NETSTANDARD2_0
        int received = await _stream.ReadAsync(target, offset, count).ConfigureAwait(false);
#else
        int received = await _stream.ReadAsync(target.AsMemory(offset, count)).ConfigureAwait(false);
#endif
        Volatile.Write(ref _lastActivity, Stopwatch.GetTimestamp());
        return received;
    }
}
