using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using static TargetProfiles.Emulator.Tests.Service;

namespace TargetProfiles.Emulator.Tests;

public sealed class HttpTests : IDisposable
{
    private const string Batch = "batch=thirdPartyId,a\nU1,1";
    private const string BatchEnd = "</response>";
    private readonly TargetEmulator _emulator = TargetEmulator.Start();

    public void Dispose() => _emulator.Dispose();

    [Fact]
    public async Task A_connection_carries_many_requests_even_pipelined()
    {
        using var raw = new RawClient(_emulator);
        await raw.SendAsync(Submit(Batch) + Submit(Batch));
        string first = await raw.ReadUntilAsync(BatchEnd);
        if (first.Split(BatchEnd).Length < 3)
        {
            await raw.ReadUntilAsync(BatchEnd);
        }

        await raw.SendAsync("GET /_emulator/profiles HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", await raw.ReadUntilAsync("\r\n0\r\n\r\n"), StringComparison.Ordinal);
        Assert.Equal(2, _emulator.Batches.Count);
    }

    [Fact]
    public async Task Chunked_bodies_are_read_and_hashed()
    {
        using var raw = new RawClient(_emulator);
        await raw.SendAsync(Head("Transfer-Encoding: chunked") + "6;x=y\r\nbatch=\r\n");
        await raw.SendAsync("13\r\nthirdPartyId,a\nU1,1\r\n0\r\nTrailer: x\r\n\r\n");
        await raw.ReadUntilAsync("<success>true");

        LoggedRequest request = Assert.Single(_emulator.Requests);
        Assert.Equal(Batch.Length, request.BodyLength);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Batch))), request.BodySha256);
    }

    [Fact]
    public async Task Expect_continue_is_answered_before_the_body_is_sent()
    {
        using var raw = new RawClient(_emulator);
        await raw.SendAsync(Head($"Content-Length: {Batch.Length}", "Expect: 100-continue"));
        Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", await raw.ReadUntilAsync("\r\n\r\n"));

        await raw.SendAsync(Batch);
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", await raw.ReadUntilAsync(BatchEnd), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_refusal_comes_without_continue_and_closes(bool throttled)
    {
        _emulator.Options.Token = throttled ? null : "secret";
        _emulator.Options.CallsPerMinute = 0;
        using var raw = new RawClient(_emulator);
        await raw.SendAsync(Head("Content-Length: 30000000", "Expect: 100-continue"));

        Assert.True(await raw.ReadToEndAsync());
        Assert.StartsWith(throttled ? "HTTP/1.1 503 " : "HTTP/1.1 403 ", raw.Received, StringComparison.Ordinal);
        Assert.Contains("Connection: close", raw.Received, StringComparison.Ordinal);
        LoggedRequest request = Assert.Single(_emulator.Requests);
        Assert.Equal(0, request.BodyLength);
        Assert.Null(request.BodySha256);
    }

    [Fact]
    public async Task An_early_refusal_of_a_small_body_is_not_lost_to_a_reset()
    {
        _emulator.Options.CallsPerMinute = 0;
        using var raw = new RawClient(_emulator);
        await raw.SendAsync(Head("Content-Length: 200000"));
        await raw.ReadUntilAsync("ResponseErrorBody>");
        await raw.SendAsync(new byte[200_000]);
    }

    [Theory]
    [InlineData("GARBAGE\r\n\r\n", "400")]
    [InlineData("GET / HTTP/2.0\r\n\r\n", "505")]
    [InlineData("G\u00E9T / HTTP/1.1\r\n\r\n", "400")]
    [InlineData("GET / HTTP/1.1\r\nNo colon\r\n\r\n", "400")]
    [InlineData("GET / HTTP/1.1\r\nA b: c\r\n\r\n", "400")]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "400")]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", "400")]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", "400")]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", "400")]
    [InlineData("POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", "501")]
    [InlineData("POST /m2/acme/profile/batchUpdate HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "400")]
    [InlineData("POST /m2/acme/profile/batchUpdate HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n", "400")]
    [InlineData("POST /m2/acme/profile/batchUpdate HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", "413")]
    public async Task Malformed_requests_are_refused_and_the_emulator_lives_on(string bytes, string status)
    {
        using (var raw = new RawClient(_emulator))
        {
            await raw.SendAsync(bytes);
            await raw.ReadToEndAsync();
            Assert.StartsWith($"HTTP/1.1 {status} ", raw.Received, StringComparison.Ordinal);
        }

        using var next = new RawClient(_emulator);
        await next.SendAsync("GET / HTTP/1.1\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", await next.ReadUntilAsync("batchUpdate"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Random_bytes_do_no_harm()
    {
        var random = new Random(3);
        for (int attempt = 0; attempt < 50; attempt++)
        {
            using var raw = new RawClient(_emulator);
            var bytes = new byte[random.Next(1, 3000)];
            random.NextBytes(bytes);
            await raw.SendAsync(bytes);
        }

        using var next = new RawClient(_emulator);
        await next.SendAsync("GET / HTTP/1.1\r\n\r\n");
        await next.ReadUntilAsync("batchUpdate");
    }

    [Fact]
    public async Task A_head_beyond_64_kb_is_431()
    {
        using var raw = new RawClient(_emulator);
        await raw.SendAsync("GET / HTTP/1.1\r\nX: " + new string('x', 70_000) + "\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 431 ", await raw.ReadUntilAsync("ResponseErrorBody>"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chunked_body_beyond_the_limit_is_413()
    {
        _emulator.Options.MaxRequestBody = 1000;
        using var raw = new RawClient(_emulator);
        await raw.SendAsync(Head("Transfer-Encoding: chunked") + "800\r\n" + new string('x', 2048) + "\r\n0\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 413 ", await raw.ReadUntilAsync("ResponseErrorBody>"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Http_10_and_absolute_targets_are_understood()
    {
        using var raw = new RawClient(_emulator);
        await raw.SendAsync("GET http://acme.tt.omtrdc.net/rest/v1/profiles/x?client=acme HTTP/1.0\r\n\r\n");

        Assert.True(await raw.ReadToEndAsync());
        Assert.StartsWith("HTTP/1.1 404 ", raw.Received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Both_loopback_addresses_answer_on_the_same_port()
    {
        var addresses = Socket.OSSupportsIPv6 && HasIpv6Loopback() ? new[] { IPAddress.Loopback, IPAddress.IPv6Loopback } : [IPAddress.Loopback];
        foreach (IPAddress address in addresses)
        {
            using var raw = new RawClient(_emulator, address);
            await raw.SendAsync("GET / HTTP/1.1\r\n\r\n");
            await raw.ReadUntilAsync("batchUpdate");
        }
    }

    [Fact]
    public async Task A_client_that_vanishes_in_its_body_is_logged_as_unanswered()
    {
        using (var raw = new RawClient(_emulator))
        {
            await raw.SendAsync(Head("Content-Length: 100") + "batch=");
        }

        await RawClient.UntilAsync(() => _emulator.Requests.Count > 0);

        LoggedRequest request = Assert.Single(_emulator.Requests);
        Assert.Equal(0, request.StatusCode);
        Assert.Null(request.BodySha256);
        Assert.Empty(_emulator.Batches);
    }

    [Fact]
    public async Task Idle_connections_are_closed()
    {
        _emulator.Options.IdleTimeout = TimeSpan.FromMilliseconds(1);
        using var raw = new RawClient(_emulator);

        await raw.ReadToEndAsync();
    }

    [Fact]
    public async Task Connections_beyond_the_limit_are_turned_away()
    {
        _emulator.Options.MaxConnections = 1;
        using var first = new RawClient(_emulator);
        await first.SendAsync("GET / HTTP/1.1\r\n\r\n");
        await first.ReadUntilAsync("batchUpdate");

        await FailsAsync(async () =>
        {
            using var second = new RawClient(_emulator);
            throw await second.ReadToEndAsync() ? new InvalidOperationException("It was let in.") : new SocketException((int)SocketError.ConnectionReset);
        });
    }

    [Fact]
    public async Task A_large_batch_arrives_whole()
    {
        var body = new StringBuilder("batch=thirdPartyId,a,b\n");
        for (int row = 0; row < 200_000; row++)
        {
            body.Append(CultureInfo.InvariantCulture, $"U{row:D9},value%20{row},w{row}\n");
        }

        byte[] bytes = Encoding.ASCII.GetBytes(body.ToString());
        using var raw = new RawClient(_emulator);
        await raw.SendAsync(Head($"Content-Length: {bytes.Length}"));
        await raw.SendAsync(bytes);
        await raw.ReadUntilAsync("<success>true");
        _emulator.ProcessNow();

        Assert.Equal(200_000, _emulator.ProfileCount);
        Assert.Equal("value 123456", _emulator.FindByThirdPartyId("U000123456")!.Attributes["a"]);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), _emulator.Requests[0].BodySha256);
    }

    [Fact]
    public async Task A_large_body_without_expect_is_cut_off_after_an_early_refusal()
    {
        _emulator.Options.CallsPerMinute = 0;
        _emulator.Options.MaxSwallowedBody = 100_000;
        using var raw = new RawClient(_emulator);
        await raw.SendAsync(Head("Content-Length: 50000000"));

        await Assert.ThrowsAnyAsync<IOException>(() => raw.SendAsync(new byte[50_000_000]));
        Assert.Equal(503, Assert.Single(_emulator.Requests).StatusCode);
    }

    [Fact]
    public async Task What_is_no_request_is_logged_all_the_same()
    {
        using var raw = new RawClient(_emulator);
        await raw.SendAsync("GARBAGE\r\n\r\n");
        await raw.ReadToEndAsync();

        Assert.Equal(("", 400), (_emulator.Requests[0].Method, _emulator.Requests[0].StatusCode));
    }

    private static bool HasIpv6Loopback()
    {
        try
        {
            using var probe = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string Head(params string[] headers) =>
        "POST /m2/acme/v2/profile/batchUpdate HTTP/1.1\r\nHost: acme.tt.omtrdc.net\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        + string.Concat(headers.Select(header => header + "\r\n")) + "\r\n";

    private static string Submit(string body) => Head($"Content-Length: {body.Length}") + body;
}
