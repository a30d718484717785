using System.Net;
using static TargetProfiles.Emulator.Tests.Service;

namespace TargetProfiles.Emulator.Tests;

public sealed class TlsTests : IDisposable
{
    private readonly Service _service = new(new EmulatorOptions { UseTls = true });

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task Both_listeners_speak_tls_with_a_certificate_for_localhost()
    {
        Assert.Equal("https", _service.Emulator.Endpoint.Scheme);
        Assert.True(_service.Emulator.Certificate!.MatchesHostname("localhost"));
        Assert.True(_service.Emulator.Certificate.MatchesHostname("127.0.0.1"));

        string status = await _service.SubmitAsync("batch=thirdPartyId,a\nU1,1");
        Assert.StartsWith(_service.Emulator.StatusEndpoint.AbsoluteUri, status, StringComparison.Ordinal);
        _service.Emulator.ProcessNow();
        Assert.Equal("complete", Text(await _service.GetAsync(status), "status"));
    }

    [Fact]
    public async Task A_client_that_does_not_trust_the_certificate_gets_nowhere()
    {
        using var handler = new HttpClientHandler { UseProxy = false };
        using var client = new HttpClient(handler);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(_service.Emulator.Endpoint));
        Assert.Empty(_service.Emulator.Requests);
    }

    [Fact]
    public async Task Plain_http_on_a_tls_port_is_closed_and_does_no_harm()
    {
        using (var raw = new RawClient(_service.Emulator))
        {
            await raw.SendAsync("GET / HTTP/1.1\r\n\r\n");
            await raw.ReadToEndAsync();
            Assert.DoesNotContain("HTTP/1.1", raw.Received, StringComparison.Ordinal);
        }

        Assert.NotEmpty(await _service.GetAsync("/"));
    }

    [Theory]
    [InlineData(FaultKind.ResetAfterBytes)]
    [InlineData(FaultKind.ApplyAndClose)]
    [InlineData(FaultKind.TruncatedReply)]
    [InlineData(FaultKind.RefuseConnection)]
    public async Task Faults_are_played_over_tls_too(FaultKind kind)
    {
        _service.Emulator.Faults.Add(new WireFault { Kind = kind, AfterBytes = 3 });
        await FailsAsync(() => _service.PostBatchAsync("batch=thirdPartyId,a\nU1,1"));

        using HttpResponseMessage next = await _service.PostBatchAsync("batch=thirdPartyId,a\nU1,1");
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }
}
