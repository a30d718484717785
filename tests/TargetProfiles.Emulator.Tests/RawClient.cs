using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TargetProfiles.Emulator.Tests;

/// <summary>A connection that sends exactly the bytes given and shows exactly those that come back.</summary>
public sealed class RawClient : IDisposable
{
    /// <summary>Long enough for a busy machine; only a hang gets there.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TcpClient _client;
    private readonly StringBuilder _received = new();

    public RawClient(TargetEmulator emulator, IPAddress? address = null)
    {
        _client = new TcpClient(address?.AddressFamily ?? AddressFamily.InterNetwork);
        _client.Connect(address ?? IPAddress.Loopback, emulator.Port);
    }

    public string Received => _received.ToString();

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(byte[] bytes)
    {
        using var limit = new CancellationTokenSource(Patience);
        await _client.GetStream().WriteAsync(bytes, limit.Token);
    }

    /// <summary>Reads on until the text has come; fails if the connection ends before.</summary>
    public async Task<string> ReadUntilAsync(string text)
    {
        while (!Received.Contains(text, StringComparison.Ordinal))
        {
            Assert.True(await ReadAsync() > 0, $"The connection ended before '{text}' came; there was: {Received}");
        }

        string all = Received;
        _received.Clear();
        return all;
    }

    /// <summary>Reads on until the other side has closed; true for an orderly close, false for a reset.</summary>
    public async Task<bool> ReadToEndAsync()
    {
        try
        {
            while (await ReadAsync() > 0)
            {
                // On to the end.
            }

            return true;
        }
        catch (IOException failure) when (failure.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            return false;
        }
    }

    public async Task<int> ReadAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        var buffer = new byte[64 * 1024];
        int read = await _client.GetStream().ReadAsync(buffer, limit.Token);
        _received.Append(Encoding.UTF8.GetString(buffer, 0, read));
        return read;
    }

    /// <summary>Lets others run until it is so; fails when patience ends.</summary>
    public static async Task UntilAsync(Func<bool> isSo)
    {
        var waited = Stopwatch.StartNew();
        while (!isSo())
        {
            Assert.True(waited.Elapsed < Patience, "It never became so.");
            await Task.Delay(2);
        }
    }

    public void Dispose() => _client.Dispose();
}
