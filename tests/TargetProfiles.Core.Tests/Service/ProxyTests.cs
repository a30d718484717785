using System.Net;
using TargetProfiles.Emulator;
using TargetProfiles.Service;

namespace TargetProfiles.Core.Tests;

/// <summary>Every kind of call through a real forward proxy. A host that only the proxy can lead to stands for Target.</summary>
[Collection(nameof(Alone))]
public sealed class ProxyTests : IDisposable
{
    private const string Token = "the-token";
    private const string Password = "proxy-secret";

    private readonly Wire _wire = new(new EmulatorOptions { UseTls = true, Token = Token });
    private readonly Wire _plain = new();
    private readonly NetworkCredential _credential = new("user", Password);

    private static IWebProxy? SystemProxy
    {
#if NETSTANDARD_BUILD
        get => WebRequest.DefaultWebProxy;
        set => WebRequest.DefaultWebProxy = value;
#else
        get => HttpClient.DefaultProxy;
        set => HttpClient.DefaultProxy = value!;
#endif
    }

    public void Dispose()
    {
        _wire.Dispose();
        _plain.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Https_goes_through_a_tunnel_and_shows_the_proxy_nothing(bool withCredential)
    {
        using var proxy = new ForwardProxy(_wire.Emulator.Port, withCredential ? _credential : null);
        using var connection = Tunnelled(proxy.Address, withCredential ? _credential : null);
        await CallsSucceedAsync(connection, _wire.Emulator);
        Assert.Equal(["CONNECT target.example.com:443 HTTP/1.1"], proxy.Asked);
        Assert.DoesNotContain(Token, proxy.InClear);
        Assert.True(proxy.Served > 0);
        Assert.Equal(withCredential, proxy.Challenged > 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Plain_http_goes_through_the_proxy_too(bool withCredential)
    {
        using var proxy = new ForwardProxy(credential: withCredential ? _credential : null);
        using var connection = new TargetConnection(new TargetConnectionOptions
        {
            ClientCode = _plain.Emulator.ClientCode,
            Endpoint = _plain.Emulator.Endpoint.AbsoluteUri,
            Token = "",
            Proxy = proxy.Address,
            ProxyCredential = withCredential ? _credential : null,
            CallsPerMinute = 0,
        });
        await CallsSucceedAsync(connection, _plain.Emulator);
        Assert.Equal(_plain.Emulator.Requests.Count, proxy.Served);
        Assert.Equal(withCredential, proxy.Challenged > 0);
        Assert.All(_plain.Emulator.Requests, request => Assert.DoesNotContain(request.Headers, header => header.Key.StartsWith("Proxy-", StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public async Task Credentials_in_the_address_serve_as_well()
    {
        using var proxy = new ForwardProxy(_wire.Emulator.Port, _credential);
        using var connection = Tunnelled(new UriBuilder(proxy.Address) { UserName = "user", Password = Password }.Uri);
        Assert.Equal(SubmitOutcome.Accepted, (await _wire.SubmitAsync(connection: connection)).Outcome);
        Assert.DoesNotContain(Password, $"{connection} {connection.Proxy}");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("wrong-secret")]
    public async Task Proxy_that_wants_other_credentials_stops_with_the_remedy_and_shows_none(string? password)
    {
        using var proxy = new ForwardProxy(_wire.Emulator.Port, _credential);
        using var connection = Tunnelled(proxy.Address, password is null ? null : new NetworkCredential("user", password));
        var reply = await _wire.SubmitAsync(connection: connection);
        Assert.Equal((SubmitOutcome.ConnectionUnusable, ServiceFailureKind.ProxyRejected), (reply.Outcome, reply.Failure!.Kind));
        Assert.Contains("-ProxyCredential", reply.Failure.RecommendedAction);
        Assert.Contains(proxy.Address.Authority, reply.Failure.Message);
        Assert.DoesNotContain("wrong-secret", reply.Failure.ToString());
        Assert.DoesNotContain(Token, proxy.InClear);
        Assert.Equal(password is not null, proxy.InClear.Contains("Proxy-Authorization", StringComparison.Ordinal));
        Assert.Equal(0, proxy.Served);
    }

    [Fact]
    public async Task Proxy_that_is_not_there_is_named()
    {
        Uri address;
        using (var proxy = new ForwardProxy())
            address = proxy.Address;
        using var refused = Tunnelled(address);
        var failure = (await _wire.SubmitAsync(connection: refused)).Failure!;
        Assert.Equal(ServiceFailureKind.ConnectionFailed, failure.Kind);
        Assert.Contains(address.Authority, failure.Message);

        using var unknown = Tunnelled(new Uri("http://no-such-proxy.invalid:3128"));
        failure = (await _wire.SubmitAsync(connection: unknown)).Failure!;
        Assert.Equal(ServiceFailureKind.HostNotFound, failure.Kind);
        Assert.Contains("no-such-proxy.invalid", failure.Message);
    }

    [Fact]
    public async Task System_proxy_serves_by_default_and_not_where_it_is_turned_off_or_for_an_emulator()
    {
        using var proxy = new ForwardProxy(_wire.Emulator.Port, _credential);
        var before = SystemProxy;
        SystemProxy = new WebProxy(proxy.Address);
        try
        {
            using var connection = Tunnelled(null, _credential);
            Assert.Equal(SubmitOutcome.Accepted, (await _wire.SubmitAsync(connection: connection)).Outcome);
            var served = proxy.Served;
            Assert.True(served > 0);

            using var direct = Tunnelled(null, noProxy: true);
            Assert.Equal(SubmitOutcome.ConnectionUnusable, (await _wire.SubmitAsync(connection: direct)).Outcome);
            using var local = new TargetConnection(_plain.Settings());
            Assert.Equal(SubmitOutcome.Accepted, (await _wire.SubmitAsync(connection: local)).Outcome);
            Assert.Equal(served, proxy.Served);
        }
        finally
        {
            SystemProxy = before;
        }
    }

    [Fact]
    public void Settings_that_contradict_each_other_are_refused()
    {
        var proxy = new Uri("http://proxy.example:3128");
        Assert.Contains("-NoProxy", Refused(new TargetConnectionOptions { ClientCode = "acme", Token = "", Proxy = proxy, NoProxy = true }));
        Assert.Contains("-NoProxy", Refused(new TargetConnectionOptions { ClientCode = "acme", Token = "", ProxyCredential = _credential, NoProxy = true }));
        Assert.Contains("-ProxyUseDefaultCredentials", Refused(new TargetConnectionOptions { ClientCode = "acme", Token = "", Proxy = proxy, ProxyCredential = _credential, ProxyUseDefaultCredentials = true }));

        static string Refused(TargetConnectionOptions options) => Assert.Throws<ArgumentException>(() => new TargetConnection(options)).Message;
    }

    private static async Task CallsSucceedAsync(TargetConnection connection, TargetEmulator emulator)
    {
        var client = new TargetClient(connection);
        using var batch = Wire.Batch("U1,x\n");
        var reply = await client.SubmitBatchAsync(batch, ProfileApiVersion.V2, _ => { }, default).WaitAsync(Wire.Patience);
        Assert.Equal((SubmitOutcome.Accepted, null), (reply.Outcome, reply.Failure));
        emulator.ProcessNow();
        var address = new Uri(connection.Endpoint, reply.StatusUri!.PathAndQuery);
        var status = await client.GetBatchStatusAsync(reply.BatchId!, address, null, detailed: true, default).WaitAsync(Wire.Patience);
        Assert.Equal(BatchProcessingState.Complete, status.State);
        var profile = await client.GetProfileAsync(ProfileKey.ByThirdPartyId("U1"), default).WaitAsync(Wire.Patience);
        Assert.Equal("x", profile.Attributes["a"]);
    }

    private TargetConnection Tunnelled(Uri? proxy, ICredentials? credential = null, bool noProxy = false) => new(new TargetConnectionOptions
    {
        ClientCode = _wire.Emulator.ClientCode,
        Endpoint = noProxy ? "https://target.invalid" : "https://target.example.com",
        Token = Token,
        Proxy = proxy,
        ProxyCredential = credential,
        NoProxy = noProxy,
        CallsPerMinute = 0,
        TrustCertificate = certificate => certificate.Thumbprint == _wire.Emulator.Certificate!.Thumbprint,
    });
}
