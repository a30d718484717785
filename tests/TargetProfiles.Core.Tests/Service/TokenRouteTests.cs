using TargetProfiles.Emulator;
using TargetProfiles.Service;

namespace TargetProfiles.Core.Tests;

/// <summary>
/// Which hosts are called at all: a proxy that every call must pass keeps the list, and leads each host to a server that
/// would take the token.
/// </summary>
public sealed class TokenRouteTests : IDisposable
{
    private const string Token = "marked-token-5f1c7a";

    private static readonly string[] Elsewhere =
    [
        "https://evil.example.com",
        "http://evil.example.com",
        "https://acme.example.com.evil.example",
        "https://evil-tt.omtrdc.net",
        "https://tt.omtrdc.net.evil.example",
        "https://acme.example.com:8443",
        "https://acme.example.com@evil.example.com/?batchId={batchId}",
        "https://evil.example.com\\.tt.omtrdc.net/?batchId={batchId}",
        "https://evil.example.com#.tt.omtrdc.net/?batchId={batchId}",
        "https://evil.example.com%2F.tt.omtrdc.net/?batchId={batchId}",
        "https://127.0.0.1:1/?batchId={batchId}",
        "https://[::1]/?batchId={batchId}",
        "ftp://mboxedge45.tt.omtrdc.net/?batchId={batchId}",
        "file:///etc/passwd?batchId={batchId}",
    ];

    private readonly Wire _wire = new(new EmulatorOptions { UseTls = true, Token = Token });
    private readonly ForwardProxy _proxy;
    private readonly TargetConnection _connection;

    public TokenRouteTests()
    {
        _proxy = new ForwardProxy(_wire.Emulator.Port);
        _connection = _wire.Connect(new TargetConnectionOptions
        {
            ClientCode = _wire.Emulator.ClientCode,
            Endpoint = "https://acme.example.com",
            Token = Token,
            Proxy = _proxy.Address,
            CallsPerMinute = 0,
            TrustCertificate = certificate => certificate.Thumbprint == _wire.Emulator.Certificate!.Thumbprint,
        });
    }

    public void Dispose()
    {
        _wire.Dispose();
        _proxy.Dispose();
    }

    [Fact]
    public async Task Own_host_is_called_over_tls_alone()
    {
        foreach (var address in new[] { "http://acme.example.com/m2/acme/profile/batchStatus?batchId={batchId}", "https://acme.example.com" })
            Assert.Equal(BatchProcessingState.Complete, await StatusAfterSubmitAsync(address));
        Assert.Equal(["CONNECT acme.example.com:443 HTTP/1.1"], _proxy.Asked);
        Assert.DoesNotContain(Token, _proxy.InClear);
        Assert.All(_wire.Emulator.Requests, request => Assert.Equal("Bearer", request.Header("Authorization")?.Split(' ')[0]));
    }

    [Fact]
    public async Task Edge_of_adobe_is_called_over_tls_alone()
    {
        Assert.Equal(BatchProcessingState.Complete, await StatusAfterSubmitAsync("http://mboxedge45.tt.omtrdc.net"));
        Assert.Equal(["CONNECT acme.example.com:443 HTTP/1.1", "CONNECT mboxedge45.tt.omtrdc.net:443 HTTP/1.1"], _proxy.Asked);
        Assert.DoesNotContain(Token, _proxy.InClear);
    }

    [Fact]
    public async Task Status_address_elsewhere_is_never_called()
    {
        foreach (var address in Elsewhere)
        {
            _wire.Emulator.Options.StatusUrlOverride = address;
            var reply = await _wire.SubmitAsync(connection: _connection);
            Assert.Equal(SubmitOutcome.Accepted, reply.Outcome);
            if (reply.StatusUri is not null)
                Assert.Equal(ServiceFailureKind.UnsafeAddress, (await Wire.FailsAsync(() => StatusAsync(reply.StatusUri))).Kind);
            Assert.Equal((address, "CONNECT acme.example.com:443 HTTP/1.1"), (address, string.Join(", ", _proxy.Asked)));
        }

        Assert.DoesNotContain(Token, _proxy.InClear);
    }

    [Fact]
    public async Task Redirect_is_never_followed()
    {
        foreach (var location in new[] { "https://evil.example.com/", "//evil.example.com/", "http://acme.example.com/m2/acme/v2/profile/batchUpdate", "https://mboxedge45.tt.omtrdc.net/" })
        {
            _wire.Play(FaultKind.Redirect, FaultTarget.Any, times: 2, location: location);
            var reply = await _wire.SubmitAsync(connection: _connection);
            Assert.Equal(ServiceFailureKind.RedirectRefused, reply.Failure!.Kind);
            Assert.Equal(ServiceFailureKind.RedirectRefused, (await Wire.FailsAsync(() => StatusAsync(null))).Kind);
        }

        Assert.Equal(["CONNECT acme.example.com:443 HTTP/1.1"], _proxy.Asked);
        Assert.Equal(8, _wire.Emulator.Requests.Count);
    }

    private async Task<BatchProcessingState> StatusAfterSubmitAsync(string statusAddress)
    {
        _wire.Emulator.Options.StatusUrlOverride = statusAddress;
        var reply = await _wire.SubmitAsync(connection: _connection);
        Assert.Equal(SubmitOutcome.Accepted, reply.Outcome);
        _wire.Emulator.ProcessNow();
        return (await new TargetClient(_connection).GetBatchStatusAsync(reply.BatchId!, reply.StatusUri, null, false, default)).State;
    }

    private Task<TargetBatchStatus> StatusAsync(Uri? address) => new TargetClient(_connection).GetBatchStatusAsync("b-1", address, null, false, default);
}
