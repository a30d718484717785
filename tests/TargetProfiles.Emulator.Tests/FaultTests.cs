using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Xml;
using static TargetProfiles.Emulator.Tests.Service;

namespace TargetProfiles.Emulator.Tests;

public sealed class FaultTests : IDisposable
{
    private const string Batch = "batch=thirdPartyId,a\nU1,1";
    private readonly Service _service = new(new EmulatorOptions { ThrottleEnabled = false });

    public void Dispose() => _service.Dispose();

    private TargetEmulator Emulator => _service.Emulator;

    [Fact]
    public async Task Refused_connection_is_reset_before_a_request_and_on_its_listener_only()
    {
        Add(FaultKind.RefuseConnection, FaultTarget.Status);
        using (var raw = new RawClient(Emulator))
        {
            await raw.SendAsync("GET / HTTP/1.1\r\n\r\n");
            await raw.ReadUntilAsync("batchUpdate");
        }

        Emulator.Faults.Clear();
        Add(FaultKind.RefuseConnection, FaultTarget.Submit);
        await FailsAsync(() => _service.GetAsync("/"));
        Assert.Equal("RefuseConnection", Emulator.Requests[^1].Fault);
        Assert.NotEmpty(await _service.GetAsync("/"));
    }

    [Fact]
    public async Task Closed_listeners_refuse_and_open_again_on_the_same_port()
    {
        int port = Emulator.Port;
        Emulator.CloseListeners();
        await FailsAsync(() => _service.GetAsync("/"));

        Emulator.ReopenListeners();
        Assert.NotEmpty(await _service.GetAsync("/"));
        Assert.Equal(port, Emulator.Port);
    }

    [Fact]
    public async Task Reset_comes_after_n_body_bytes()
    {
        Add(FaultKind.ResetAfterBytes, bytes: 10);
        using var raw = new RawClient(Emulator);
        await raw.SendAsync(Head(1000) + new string('x', 30));

        Assert.False(await raw.ReadToEndAsync());
        LoggedRequest request = Assert.Single(Emulator.Requests);
        Assert.Equal(10, request.BodyLength);
        Assert.Equal(0, request.StatusCode);
        Assert.Equal("ResetAfterBytes", request.Fault);
        Assert.Null(request.BodySha256);
        Assert.Empty(Emulator.Batches);
    }

    [Fact]
    public async Task Stall_lasts_until_the_emulator_stops()
    {
        Add(FaultKind.StallAfterBytes, bytes: 5);
        using var raw = new RawClient(Emulator);
        await raw.SendAsync(Head(1000) + new string('x', 30));
        await RawClient.UntilAsync(() => Emulator.Requests.Count > 0);

        Task<bool> end = raw.ReadToEndAsync();
        Assert.False(end.IsCompleted);
        Emulator.Stop();
        await end;
        Assert.Equal(5, Assert.Single(Emulator.Requests).BodyLength);
        Assert.True(Emulator.Completion.IsCompleted);
    }

    [Fact]
    public async Task Early_reply_comes_before_the_body_and_without_continue()
    {
        Emulator.Faults.Add(new WireFault { Kind = FaultKind.EarlyReply, StatusCode = 500, RetryAfter = "7" });
        using var raw = new RawClient(Emulator);
        await raw.SendAsync(Head(1000, "Expect: 100-continue"));

        Assert.True(await raw.ReadToEndAsync());
        Assert.StartsWith("HTTP/1.1 500 ", raw.Received, StringComparison.Ordinal);
        Assert.Contains("\r\nRetry-After: 7\r\n", raw.Received, StringComparison.Ordinal);
        Assert.Empty(Emulator.Batches);
    }

    [Fact]
    public async Task Apply_and_close_applies_and_says_nothing()
    {
        Add(FaultKind.ApplyAndClose);
        using var raw = new RawClient(Emulator);
        await raw.SendAsync(Head(Batch.Length) + Batch);

        Assert.True(await raw.ReadToEndAsync());
        Assert.Equal("", raw.Received);
        Assert.Single(Emulator.Batches);
        Assert.True(Emulator.Requests[0].Applied);
        Assert.Equal(0, Emulator.Requests[0].StatusCode);
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData(true, 1)]
    public async Task Server_error_applies_only_if_told_to(bool? applied, int batches)
    {
        Emulator.Faults.Add(new WireFault { Kind = FaultKind.ServerError, StatusCode = 502, Applied = applied });
        using HttpResponseMessage reply = await _service.PostBatchAsync(Batch);

        Assert.Equal(HttpStatusCode.BadGateway, reply.StatusCode);
        Assert.Equal(batches, Emulator.Batches.Count);
        Assert.Equal(applied == true, Emulator.Requests[0].Applied);
        Assert.NotNull(Emulator.Requests[0].BodySha256);
    }

    [Fact]
    public async Task Truncated_reply_ends_before_its_length()
    {
        Add(FaultKind.TruncatedReply, bytes: 20);
        using var raw = new RawClient(Emulator);
        await raw.SendAsync(Head(Batch.Length) + Batch);

        Assert.True(await raw.ReadToEndAsync());
        Assert.EndsWith("\r\n\r\n<response>\n    <succ", raw.Received, StringComparison.Ordinal);
        Assert.Single(Emulator.Batches);
    }

    [Fact]
    public async Task Oversized_reply_is_as_large_as_it_says()
    {
        Emulator.Faults.Add(new WireFault { Kind = FaultKind.OversizedReply, ReplyBytes = 5_000_000 });

        Assert.Equal(5_000_000, (await _service.GetAsync("/m2/acme/profile/batchStatus?batchId=x")).Length);
    }

    [Fact]
    public async Task Endless_reply_goes_on_until_the_client_leaves()
    {
        Emulator.Faults.Add(new WireFault { Kind = FaultKind.EndlessReply, Times = 0 });
        using (var raw = new RawClient(Emulator))
        {
            await raw.SendAsync("GET /m2/acme/profile/batchStatus?batchId=x HTTP/1.1\r\n\r\n");
            for (long received = 0; received < 10_000_000;)
            {
                received += await raw.ReadAsync();
            }
        }

        Emulator.Faults.Clear();
        Emulator.Faults.Add(new WireFault { Kind = FaultKind.EndlessReply, Delay = TimeSpan.FromMilliseconds(1) });
        using var slow = new RawClient(Emulator);
        await slow.SendAsync("GET /m2/acme/profile/batchStatus?batchId=x HTTP/1.1\r\n\r\n");
        await slow.ReadUntilAsync("1\r\n \r\n1\r\n \r\n");
    }

    [Fact]
    public async Task Oversized_header_comes()
    {
        Add(FaultKind.OversizedHeader);
        using var raw = new RawClient(Emulator);
        await raw.SendAsync("GET /m2/acme/profile/batchStatus?batchId=x HTTP/1.1\r\n\r\n");

        Assert.InRange((await raw.ReadUntilAsync("</response>")).Length, 1024 * 1024, 1024 * 1024 + 1000);
    }

    [Fact]
    public async Task Malformed_xml_is_no_xml()
    {
        Add(FaultKind.MalformedXml);
        string xml = await _service.SubmitRawAsync(Batch);

        Assert.ThrowsAny<XmlException>(() => new XmlDocument { XmlResolver = null }.LoadXml(xml));
        Assert.Single(Emulator.Batches);
    }

    [Fact]
    public async Task Dtd_bomb_declares_entities()
    {
        Add(FaultKind.DtdBomb);
        string xml = await _service.SubmitRawAsync(Batch);

        using var reader = XmlReader.Create(new StringReader(xml), new XmlReaderSettings { DtdProcessing = DtdProcessing.Parse, MaxCharactersFromEntities = 1_000_000 });
        XmlException failure = Assert.Throws<XmlException>(() =>
        {
            while (reader.Read())
            {
                // On into the entities.
            }
        });
        Assert.Contains("MaxCharactersFromEntities", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gzip_bomb_expands_to_the_size_asked_for()
    {
        Emulator.Faults.Add(new WireFault { Kind = FaultKind.GzipBomb, ReplyBytes = 20_000_000 });
        using HttpResponseMessage reply = await _service.SendAsync("/m2/acme/profile/batchStatus?batchId=x");
        byte[] packed = await reply.Content.ReadAsByteArrayAsync();

        Assert.Equal("gzip", Assert.Single(reply.Content.Headers.ContentEncoding));
        Assert.InRange(packed.Length, 1, 500_000);
        using var unpacked = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        var counted = new MemoryStream();
        await unpacked.CopyToAsync(counted);
        Assert.Equal(20_000_000, counted.Length);
    }

    [Theory]
    [InlineData(FaultKind.HtmlReply, HttpStatusCode.OK)]
    [InlineData(FaultKind.Redirect, HttpStatusCode.Found)]
    [InlineData(FaultKind.SuccessFalse, HttpStatusCode.OK)]
    public async Task Replies_instead_of_the_real_one_apply_nothing(FaultKind kind, HttpStatusCode status)
    {
        Emulator.Faults.Add(new WireFault { Kind = kind, Location = "http://evil.invalid/x", Message = "Unexpected <Error>" });
        using HttpResponseMessage reply = await _service.PostBatchAsync(Batch);
        string body = await reply.Content.ReadAsStringAsync();

        Assert.Equal(status, reply.StatusCode);
        Assert.Empty(Emulator.Batches);
        switch (kind)
        {
            case FaultKind.HtmlReply:
                Assert.Equal("text/html", reply.Content.Headers.ContentType!.MediaType);
                break;
            case FaultKind.Redirect:
                Assert.Equal(new Uri("http://evil.invalid/x"), reply.Headers.Location);
                break;
            default:
                Assert.Equal("false", Text(body, "success"));
                Assert.Equal("Unexpected &lt;Error&gt;", Text(body, "message"));
                break;
        }
    }

    [Fact]
    public async Task Delayed_reply_applies_at_once_and_replies_later()
    {
        Emulator.Faults.Add(new WireFault { Kind = FaultKind.DelayedReply, Delay = TimeSpan.FromMilliseconds(300) });
        var watch = Stopwatch.StartNew();

        await _service.SubmitAsync(Batch);

        // Timers may be a little early.
        Assert.True(watch.ElapsedMilliseconds >= 250, $"{watch.ElapsedMilliseconds} ms");
        Assert.Single(Emulator.Batches);
    }

    [Fact]
    public async Task Faults_meet_their_endpoint_in_turn_and_as_often_as_told()
    {
        Emulator.Faults.Add(new WireFault { Kind = FaultKind.ServerError, On = FaultTarget.Submit, SkipFirst = 1, Times = 2 });

        Assert.Contains("unknown", await _service.GetAsync("/m2/acme/profile/batchStatus?batchId=x"), StringComparison.Ordinal);
        var statuses = new List<int>();
        for (int call = 0; call < 5; call++)
        {
            using HttpResponseMessage reply = await _service.PostBatchAsync(Batch);
            statuses.Add((int)reply.StatusCode);
        }

        Assert.Equal([200, 503, 503, 200, 200], statuses);
        Assert.Equal(0, Emulator.Faults.Count);
    }

    [Fact]
    public async Task Probability_repeats_with_the_seed_and_zero_times_is_for_ever()
    {
        Emulator.Faults.Add(new WireFault { Kind = FaultKind.ServerError, Times = 0, Probability = 0.5 });
        var failed = new List<bool>();
        for (int call = 0; call < 60; call++)
        {
            using HttpResponseMessage reply = await _service.PostBatchAsync(Batch);
            failed.Add(reply.StatusCode == HttpStatusCode.ServiceUnavailable);
        }

        Assert.InRange(failed.Count(met => met), 15, 45);
        Assert.Equal(1, Emulator.Faults.Count);
    }

    private static string Head(int length, string? more = null) =>
        "POST /m2/acme/v2/profile/batchUpdate HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        + $"Content-Length: {length}\r\n{(more is null ? "" : more + "\r\n")}\r\n";

    private void Add(FaultKind kind, FaultTarget on = FaultTarget.Any, long bytes = 0) =>
        Emulator.Faults.Add(new WireFault { Kind = kind, On = on, AfterBytes = bytes });
}
