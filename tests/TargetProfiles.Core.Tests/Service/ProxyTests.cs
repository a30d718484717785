using System.Net;
using System.Net.Sockets;
using System.Text;
using TargetProfiles.Service;

namespace TargetProfiles.Core.Tests;

public sealed class ProxyTests : IDisposable
{
    private readonly TcpListener _proxy = new(IPAddress.Loopback, 0);
    private readonly List<string> _requests = [];

    public ProxyTests()
    {
        _proxy.Start();
        _ = Task.Run(ServeAsync);
    }

    public void Dispose() => _proxy.Stop();

    [Fact]
    public async Task Proxy_that_wants_credentials_stops_with_the_remedy_and_shows_none()
    {
        var reply = await SubmitAsync("user", "proxy-secret");
        Assert.Equal((SubmitOutcome.ConnectionUnusable, ServiceFailureKind.ProxyRejected), (reply.Outcome, reply.Failure!.Kind));
        Assert.Contains("-ProxyCredential", reply.Failure.RecommendedAction);
        Assert.DoesNotContain("proxy-secret", reply.Failure.ToString());
        Assert.DoesNotContain("the-token", string.Concat(_requests));
        Assert.All(_requests, request => Assert.StartsWith("CONNECT target.example.com:443 ", request));
        var basic = Convert.ToBase64String(Encoding.ASCII.GetBytes("user:proxy-secret"));
        Assert.Contains(_requests, request => request.Contains($"Proxy-Authorization: Basic {basic}"));
    }

    [Fact]
    public async Task Proxy_is_asked_without_credentials_where_none_are_given()
    {
        var reply = await SubmitAsync(null, null);
        Assert.Equal(ServiceFailureKind.ProxyRejected, reply.Failure!.Kind);
        Assert.DoesNotContain("Proxy-Authorization", string.Concat(_requests));
    }

    private async Task<SubmitReply> SubmitAsync(string? user, string? password)
    {
        var address = new UriBuilder("http", "127.0.0.1", ((IPEndPoint)_proxy.LocalEndpoint).Port) { UserName = user ?? "", Password = password ?? "" };
        using var connection = new TargetConnection(new TargetConnectionOptions { ClientCode = "acme", Endpoint = "https://target.example.com", Token = "the-token", Proxy = address.Uri, CallsPerMinute = 0 });
        using var batch = Wire.Batch("U1,x\n");
        return await new TargetClient(connection).SubmitBatchAsync(batch, ProfileApiVersion.V2, _ => { }, default).WaitAsync(Wire.Patience);
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _proxy.AcceptTcpClientAsync();
                using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
                var request = new StringBuilder();
                while (await reader.ReadLineAsync() is { Length: > 0 } line)
                    request.Append(line).Append('\n');
                lock (_requests)
                    _requests.Add(request.ToString());
                var reply = "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"proxy\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray();
                await client.GetStream().WriteAsync(reply);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
        {
            // The test is over.
        }
    }
}
