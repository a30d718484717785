using TargetProfiles.Service;

namespace TargetProfiles.Core.Tests;

public sealed class TargetConnectionTests
{
    [Theory]
    [InlineData(null, "https://acme.tt.omtrdc.net/")]
    [InlineData("edge.example.com", "https://edge.example.com/")]
    [InlineData("edge.example.com:8443", "https://edge.example.com:8443/")]
    [InlineData(" https://edge.example.com ", "https://edge.example.com/")]
    [InlineData("http://127.0.0.1:8123", "http://127.0.0.1:8123/")]
    [InlineData("http://localhost:8123/", "http://localhost:8123/")]
    [InlineData("http://[::1]:8123", "http://[::1]:8123/")]
    public void Endpoint_is_https_unless_it_is_on_this_machine(string? given, string expected)
    {
        using var connection = Connect(given);
        Assert.Equal(expected, connection.Endpoint.AbsoluteUri);
    }

    [Theory]
    [InlineData("http://edge.example.com", "https")]
    [InlineData("http://127.0.0.1.example.com", "https")]
    [InlineData("ftp://edge.example.com", "no endpoint")]
    [InlineData("https://", "no endpoint")]
    [InlineData("https://user:pass@edge.example.com", "no user")]
    [InlineData("https://edge.example.com/path", "no user, path or query")]
    [InlineData("https://edge.example.com/?a=1", "no user, path or query")]
    public void Endpoint_that_cannot_be_used_says_why(string given, string why)
    {
        var message = Assert.Throws<ArgumentException>(() => Connect(given)).Message;
        Assert.Contains(why, message);
        Assert.DoesNotContain("pass", message);
    }

    [Theory]
    [InlineData("a/../b")]
    [InlineData("a.b")]
    [InlineData("-a")]
    [InlineData("a b")]
    [InlineData("a\nb")]
    [InlineData("é")]
    public void Client_code_that_is_none_is_refused(string code) =>
        Assert.Contains("client code", Assert.Throws<ArgumentException>(() => Connect(clientCode: code)).Message);

    [Theory]
    [InlineData(-1, 35)]
    [InlineData(101, 35)]
    [InlineData(3, -1)]
    [InlineData(3, 100_001)]
    public void Numbers_out_of_range_are_refused(int retries, int calls) =>
        Assert.Throws<ArgumentException>(() => new TargetConnection(new TargetConnectionOptions { ClientCode = "acme", Endpoint = "x", Token = "", MaximumRetryCount = retries, CallsPerMinute = calls }));

    [Fact]
    public void Gaps_are_filled_from_the_environment_and_a_missing_client_code_names_the_variable()
    {
        var before = Environment.GetEnvironmentVariable(TargetConnectionOptions.ClientCodeVariable);
        try
        {
            Environment.SetEnvironmentVariable(TargetConnectionOptions.ClientCodeVariable, "fromenv");
            using var connection = new TargetConnection(new TargetConnectionOptions { Token = "" });
            Assert.Equal("fromenv", connection.ClientCode);
            Environment.SetEnvironmentVariable(TargetConnectionOptions.ClientCodeVariable, null);
            Assert.Contains(TargetConnectionOptions.ClientCodeVariable, Assert.Throws<ArgumentException>(() => new TargetConnection(new TargetConnectionOptions())).Message);
        }
        finally
        {
            Environment.SetEnvironmentVariable(TargetConnectionOptions.ClientCodeVariable, before);
        }
    }

    [Theory]
    [InlineData("http://mboxedge45.tt.omtrdc.net/m2/acme/profile/batchStatus?batchId=1", "https://mboxedge45.tt.omtrdc.net/m2/acme/profile/batchStatus?batchId=1")]
    [InlineData("https://mboxedge45.tt.omtrdc.net/x?batchId=1&m2Node=00", "https://mboxedge45.tt.omtrdc.net/x?batchId=1&m2Node=00")]
    [InlineData("http://ACME.TT.OMTRDC.NET/x", "https://acme.tt.omtrdc.net/x")]
    public void Status_address_at_adobe_is_called_by_https(string address, string called)
    {
        using var connection = Connect();
        Assert.Equal(called, connection.Trusted(new Uri(address)).AbsoluteUri);
    }

    [Theory]
    [InlineData("https://example.com/x")]
    [InlineData("https://tt.omtrdc.net.example.com/x")]
    [InlineData("https://eviltt.omtrdc.net/x")]
    [InlineData("https://user@acme.tt.omtrdc.net/x")]
    [InlineData("http://acme.tt.omtrdc.net:8080/x")]
    [InlineData("http://127.0.0.1:80/x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://acme.tt.omtrdc.net/x")]
    public void Status_address_elsewhere_is_not_called(string address)
    {
        using var connection = Connect();
        var failure = Assert.Throws<TargetServiceException>(() => connection.Trusted(new Uri(address)));
        Assert.Equal((ServiceFailureKind.UnsafeAddress, false), (failure.Kind, failure.IsTransient));
    }

    [Fact]
    public void Own_endpoint_is_trusted_with_its_own_port_only()
    {
        using var connection = Connect("https://proxy.example.com:8443");
        Assert.Equal(8443, connection.Trusted(new Uri("https://proxy.example.com:8443/x")).Port);
        Assert.Equal("https://proxy.example.com:8443/x", connection.Trusted(new Uri("http://proxy.example.com/x")).AbsoluteUri);
        Assert.Throws<TargetServiceException>(() => connection.Trusted(new Uri("https://proxy.example.com/x")));
        Assert.Throws<TargetServiceException>(() => connection.Trusted(new Uri("/relative", UriKind.Relative)));
    }

    [Fact]
    public async Task Foreign_status_address_of_a_reply_is_not_called_and_asking_by_id_goes_to_the_endpoint()
    {
        using var foreign = new Wire();
        using var wire = new Wire();
        wire.Emulator.Options.StatusUrlOverride = "http://status.example.com";
        var reply = await wire.SubmitAsync();
        wire.Emulator.ProcessNow();
        Assert.Equal("status.example.com", reply.StatusUri!.Host);
        var failure = await Wire.FailsAsync(() => wire.Client.GetBatchStatusAsync(reply.BatchId!, reply.StatusUri, null, false, default));
        Assert.Equal(ServiceFailureKind.UnsafeAddress, failure.Kind);

        // What the failure recommends must work.
        Assert.Contains("batch id", failure.RecommendedAction);
        var status = await wire.Client.GetBatchStatusAsync(reply.BatchId!, null, null, false, default);
        Assert.Equal(BatchProcessingState.Complete, status.State);
    }

    [Fact]
    public void Remembers_the_last_thousand_batches()
    {
        using var connection = Connect();
        for (var i = 0; i < 1_100; i++)
            connection.Remember($"b{i}", new Uri($"https://acme.tt.omtrdc.net/?batchId=b{i}"));
        Assert.Equal(Enumerable.Range(100, 1_000).Select(i => $"b{i}"), connection.SubmittedBatchIds);
        Assert.Null(connection.StatusUriOf("b99"));
        Assert.NotNull(connection.StatusUriOf("b100"));
    }

    [Fact]
    public void Proxy_is_shown_without_its_credentials()
    {
        using var connection = new TargetConnection(new TargetConnectionOptions { ClientCode = "acme", Token = "", Proxy = new Uri("http://user:word@proxy.example.com:3128") });
        Assert.Equal("http://proxy.example.com:3128/", connection.Proxy!.AbsoluteUri);
        using var direct = new TargetConnection(new TargetConnectionOptions { ClientCode = "acme", Token = "", NoProxy = true });
        Assert.Null(direct.Proxy);
    }

    [Theory]
    [InlineData("a\r\n\tb", "a b")]
    [InlineData("  a  ", "a")]
    [InlineData("\u001b[31mred", "[31mred")]
    [InlineData(null, "")]
    public void Text_from_outside_is_one_clean_line(string? text, string shown) => Assert.Equal(shown, ReplyText.Shown(text));

    [Fact]
    public void Text_from_outside_is_not_endless() => Assert.Equal(303, ReplyText.Shown(new string('x', 10_000)).Length);

    private static TargetConnection Connect(string? endpoint = null, string clientCode = "acme") =>
        new(new TargetConnectionOptions { ClientCode = clientCode, Endpoint = endpoint ?? $"https://{clientCode}.tt.omtrdc.net", Token = "" });
}
