using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace TargetProfiles.Emulator.Http;

/// <summary>One port on 127.0.0.1 and, where there is IPv6, on ::1; nobody but this machine gets through.</summary>
internal sealed class LoopbackListener : IDisposable
{
    private const int Attempts = 20;

    private readonly string _name;
    private readonly EmulatorOptions _options;
    private readonly X509Certificate2? _certificate;
    private readonly Func<Connection, Task> _serve;
    private readonly Func<bool> _refuse;
    private readonly ConcurrentDictionary<Connection, Task> _connections = new();
    private readonly Timer _sweep;
    private readonly object _gate = new();
    private List<Socket> _sockets = [];
    private List<Task> _accepting = [];
    private volatile bool _disposed;

    public LoopbackListener(
        string name, int port, EmulatorOptions options, X509Certificate2? certificate, Func<bool> refuse, Func<Connection, Task> serve)
    {
        _name = name;
        _options = options;
        _certificate = certificate;
        _refuse = refuse;
        _serve = serve;
        Port = Listen(port);
        _sweep = new Timer(_ => Sweep(), null, 500, 500);
    }

    public int Port { get; }

    /// <summary>Completes, after <see cref="Dispose"/>, when nothing of this listener runs any more.</summary>
    public async Task WaitForEndAsync()
    {
        Task accepting;
        lock (_gate)
        {
            accepting = Task.WhenAll(_accepting);
        }

        // Only then can no further connection join.
        await accepting.ConfigureAwait(false);
        await Task.WhenAll(_connections.Values).ConfigureAwait(false);
    }

    /// <summary>Closes the listening sockets: new connections are refused by the operating system.</summary>
    public void Close()
    {
        lock (_gate)
        {
            foreach (Socket socket in _sockets)
            {
                socket.Dispose();
            }

            _sockets = [];
        }
    }

    /// <summary>Listens again on the same port after <see cref="Close"/>.</summary>
    public void Reopen()
    {
        lock (_gate)
        {
            if (!_disposed && _sockets.Count == 0)
            {
                Listen(Port);
            }
        }
    }

    public void CloseConnections()
    {
        foreach (Connection connection in _connections.Keys)
        {
            connection.Dispose();
        }
    }

    public void Dispose()
    {
        _disposed = true;
        _sweep.Dispose();
        Close();
        CloseConnections();
    }

    private int Listen(int port)
    {
        for (int attempt = 1; ; attempt++)
        {
            Socket four = Bind(IPAddress.Loopback, port) ?? throw new InvalidOperationException(
                $"Port {port} on 127.0.0.1 is taken or not allowed. Choose another port, or 0 for a free one.");
            int bound = ((IPEndPoint)four.LocalEndPoint!).Port;
            Socket? six = Socket.OSSupportsIPv6 ? Bind(IPAddress.IPv6Loopback, bound) : null;

            // With a free choice, a port that somebody else holds on ::1 would send half of the clients to them.
            if (six is null && port == 0 && attempt < Attempts && Socket.OSSupportsIPv6 && Bind(IPAddress.IPv6Loopback, 0) is { } probe)
            {
                probe.Dispose();
                four.Dispose();
                continue;
            }

            _sockets = six is null ? [four] : [four, six];
            _accepting = _sockets.ConvertAll(socket => Task.Run(() => AcceptAsync(socket)));
            return bound;
        }
    }

    private static Socket? Bind(IPAddress address, int port)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (Path.DirectorySeparatorChar == '\\')
            {
                // Windows would let two processes share the port.
                socket.ExclusiveAddressUse = true;
            }

            if (address.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = false;
            }

            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(512);
            return socket;
        }
        catch (SocketException)
        {
            socket?.Dispose();
            return null;
        }
    }

    private async Task AcceptAsync(Socket listening)
    {
        while (!_disposed)
        {
            Socket accepted;
            try
            {
                accepted = await listening.AcceptAsync().ConfigureAwait(false);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException failure) when (failure.SocketErrorCode is SocketError.OperationAborted or SocketError.Interrupted or SocketError.InvalidArgument or SocketError.NotSocket)
            {
                return;
            }
            catch (SocketException)
            {
                // A client that vanished between SYN and accept, or no file handles left for the moment.
                await Task.Delay(10).ConfigureAwait(false);
                continue;
            }

            Take(accepted);
        }
    }

    private void Take(Socket accepted)
    {
        var connection = new Connection(accepted, _name);
        try
        {
            bool foreign = accepted.RemoteEndPoint is not IPEndPoint remote || !IPAddress.IsLoopback(remote.Address);
            if (foreign || _connections.Count >= _options.MaxConnections || _refuse())
            {
                connection.Reset();
                connection.Dispose();
                return;
            }
        }
        catch (SocketException)
        {
            connection.Dispose();
            return;
        }

        // The task must be in the list before it can take itself out of it.
        var start = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _connections[connection] = ServeAsync(connection, start.Task);
        if (_disposed)
        {
            connection.Dispose();
        }

        start.SetResult(true);
    }

    private async Task ServeAsync(Connection connection, Task start)
    {
        await start.ConfigureAwait(false);
        try
        {
            await connection.OpenAsync(_certificate).ConfigureAwait(false);
            await _serve(connection).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // The client went away, spoke no TLS, or the emulator stops; whatever it is, one connection ends with it and no more.
        }
        finally
        {
            connection.Dispose();
            _connections.TryRemove(connection, out _);
        }
    }

    private void Sweep()
    {
        foreach (Connection connection in _connections.Keys)
        {
            if (connection.IsOverdue(_options.IdleTimeout))
            {
                connection.Dispose();
            }
        }
    }
}
