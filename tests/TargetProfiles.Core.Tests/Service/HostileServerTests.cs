using System.Text;
using TargetProfiles.Service;

namespace TargetProfiles.Core.Tests;

/// <summary>Replies that mean harm: each call ends, within the memory of a few replies, with a kind of failure to act on.</summary>
[Collection(nameof(Alone))]
public sealed class HostileServerTests
{
    private const string Token = "marked-token-5f1c7a";
    private const string Head = "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n";
    private const string Chunked = Head + "Transfer-Encoding: chunked\r\n\r\n";
    private const string Success = "<response><success>true</success></response>";
    private const long Megabytes = 1_000_000;

    // The long one only a hang reaches; the short one is for what nothing but a timeout ends.
    private static readonly TimeSpan Long = Wire.CallPatience;
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);

    private static readonly string Filling = new('a', 64 * 1024);

    public enum Reply
    {
        HeaderOf300Megabytes,
        EndlessHeaders,
        DrippingHeader,
        EndlessContinue,
        EndlessHintsWithHeaders,
        SilenceAfterRequest,
        SilenceInChunks,
        SilenceBelowContentLength,
        EndlessBodyWithoutLength,
        EndlessChunkExtension,
        EndlessTrailers,
        ChunkBeyondNumbers,
        LengthsThatDiffer,
        LengthBeyondNumbers,
        NegativeLength,
        NoHttp,
        EndlessStatusLine,
        InvalidUtf8,
        CompressedTransfer,
        UnknownCharset,
        CaptivePortal,
        ManyAttributes,
        OnlyAmpersands,
        UnclosedElements,
        OutsideEntity,
        QuadraticEntities,
        NulBytes,
        SwitchedProtocol,
    }

    public static TheoryData<Reply> Replies => [.. Enum.GetValues<Reply>()];

    [Theory]
    [MemberData(nameof(Replies))]
    public async Task Call_ends_in_bounded_memory_with_a_failure_that_names_the_host(Reply reply)
    {
        using var outside = new RawServer(RawServer.Text(Whole("<x/>")));
        using var server = new RawServer(Script(reply, outside.Address));
        // A batch must be written in whole before the short time counts; the other calls have one time for all.
        using var sender = Connect(server, Long, Short);
        using var connection = Connect(server, Short + Short, Short);
        var client = new TargetClient(connection);
        var allocated = GC.GetTotalAllocatedBytes();

        using var batch = Wire.Batch("U1,x\n");
        var submit = new TargetClient(sender).SubmitBatchAsync(batch, ProfileApiVersion.V2, _ => { }, default);
        var failures = (await Task.WhenAll(
            Wire.FailsAsync(() => client.GetBatchStatusAsync("b-1", null, null, true, default)),
            Wire.FailsAsync(() => client.GetProfileAsync(ProfileKey.ByPcId("1"), default)),
            Wire.FailsAsync(() => client.UpdateProfileAsync(ProfileUpdate.Create(ProfileIdType.PcId, "1", [new("a", "1")]), ProfileUpdateMethod.Post, default)))).ToList();
        var submitted = await submit.WaitAsync(Wire.Patience);
        Assert.Equal(SubmitOutcome.Uncertain, submitted.Outcome);
        failures.Add(submitted.Failure!);

        // A status may be long: 64 MB are read, into a buffer that doubles.
        Assert.InRange(GC.GetTotalAllocatedBytes() - allocated, 0, 300 * Megabytes);
        Assert.All(failures, failure =>
        {
            Assert.True(failure.Kind is ServiceFailureKind.UnreadableReply or ServiceFailureKind.TimedOut or ServiceFailureKind.ConnectionFailed, $"{failure.Kind}: {failure.Message}");
            Assert.Contains($"127.0.0.1:{server.Port}", failure.Message);
            Assert.InRange(failure.Message.Length, 1, 700);
            Assert.NotEmpty(failure.RecommendedAction);
            Assert.DoesNotContain(Token, failure.ToString());
        });
        Assert.Equal((0, ""), (outside.Connections, outside.Received));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Redirect_to_another_host_is_not_followed_and_nothing_reaches_it(int status)
    {
        using var other = new RawServer(RawServer.Text(Whole(Success)));
        using var server = new RawServer(RawServer.Text($"HTTP/1.1 {status} Moved\r\nLocation: {other.Address}/m2/acme/v2/profile/batchUpdate\r\nContent-Length: 0\r\n\r\n"));
        using var connection = Connect(server, Long, Long);
        var client = new TargetClient(connection);
        using var large = Wire.LargeBatch(2_000_000);
        var submitted = await client.SubmitBatchAsync(large, ProfileApiVersion.V2, _ => { }, default).WaitAsync(Wire.Patience);
        Assert.Equal((SubmitOutcome.ConnectionUnusable, ServiceFailureKind.RedirectRefused), (submitted.Outcome, submitted.Failure!.Kind));
        foreach (var call in new Func<Task>[]
        {
            () => client.GetBatchStatusAsync("b-1", null, null, false, default),
            () => client.GetProfileAsync(ProfileKey.ByPcId("1"), default),
            () => client.UpdateProfileAsync(ProfileUpdate.Create(ProfileIdType.PcId, "1", [new("a", "1")]), ProfileUpdateMethod.Get, default),
        })
        {
            var failure = await Wire.FailsAsync(call);
            Assert.Equal(ServiceFailureKind.RedirectRefused, failure.Kind);
            Assert.Contains($"127.0.0.1:{other.Port}", failure.Message);
        }

        Assert.Contains(Token, server.Received);
        Assert.Equal((0, ""), (other.Connections, other.Received));
    }

    [Fact]
    public async Task Second_reply_that_nobody_asked_for_is_not_taken_for_the_next_one()
    {
        var calls = 0;
        using var server = new RawServer(stream => Interlocked.Increment(ref calls) == 1
            ? RawServer.Text(Whole("<response><success>false</success></response>") + Whole(Success))(stream)
            : RawServer.Text(Whole("<response><success>false</success><message>second</message></response>"))(stream));
        using var connection = Connect(server, Long, Long);
        using var batch = Wire.Batch("U1,x\n");
        var client = new TargetClient(connection);
        for (var i = 1; i <= 2; i++)
            Assert.Equal(SubmitOutcome.Refused, (await client.SubmitBatchAsync(batch, ProfileApiVersion.V2, _ => { }, default).WaitAsync(Wire.Patience)).Outcome);
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task Batch_id_and_status_address_without_measure_are_not_kept()
    {
        using var server = new RawServer(RawServer.Text(Whole($"<response><success>true</success><batchStatus>http://127.0.0.1:1/m2/acme/profile/batchStatus?batchId={new string('7', 900_000)}</batchStatus></response>")));
        using var connection = Connect(server, Long, Long);
        using var batch = Wire.Batch("U1,x\n");
        var reply = await new TargetClient(connection).SubmitBatchAsync(batch, ProfileApiVersion.V2, _ => { }, default).WaitAsync(Wire.Patience);
        Assert.Equal((SubmitOutcome.Accepted, null, null), (reply.Outcome, reply.BatchId, reply.StatusUri));
        Assert.Empty(connection.SubmittedBatchIds);
    }

    [Fact]
    public async Task Status_of_as_many_ampersands_as_fit_is_no_status_and_costs_no_more_than_its_size()
    {
        const int Pieces = 900;
        using var server = new RawServer(async stream =>
        {
            await RawServer.Text($"{Head}Content-Length: {Pieces * 64 * 1024}\r\n\r\n")(stream);
            var piece = Encoding.ASCII.GetBytes(new string('&', 64 * 1024));
            for (var i = 0; i < Pieces; i++)
                await stream.WriteAsync(piece);
        });
        using var connection = Connect(server, Long, Long);
        var allocated = GC.GetTotalAllocatedBytes();
        var failure = await Wire.FailsAsync(() => new TargetClient(connection).GetBatchStatusAsync("b-1", null, null, false, default));
        Assert.Equal(ServiceFailureKind.UnreadableReply, failure.Kind);
        Assert.InRange(GC.GetTotalAllocatedBytes() - allocated, 0, 500 * Megabytes);
    }

    [Fact]
    public async Task Early_success_to_a_body_that_nobody_reads_is_no_acceptance()
    {
        using var server = new RawServer(RawServer.Deaf("HTTP/1.1 100 Continue\r\n\r\n" + Whole(Success, "Connection: close\r\n")), readsBody: false);
        using var connection = Connect(server, Long, Short);
        using var batch = Wire.LargeBatch(20_000_000);
        var reply = await new TargetClient(connection).SubmitBatchAsync(batch, ProfileApiVersion.V2, _ => { }, default).WaitAsync(Wire.Patience);
        Assert.Equal((SubmitOutcome.NotAccepted, ServiceFailureKind.TimedOut), (reply.Outcome, reply.Failure!.Kind));
    }

    private static Func<Stream, Task> Script(Reply reply, string outside) => reply switch
    {
        Reply.HeaderOf300Megabytes => HeaderOf300MegabytesAsync,
        Reply.EndlessHeaders => RawServer.Endless(Head, string.Concat(Enumerable.Range(0, 500).Select(i => $"X-{i}: some value\r\n"))),
        Reply.DrippingHeader => RawServer.Endless(Head + "X-Slow: ", "a", TimeSpan.FromMilliseconds(10)),
        Reply.EndlessContinue => RawServer.Endless("", "HTTP/1.1 100 Continue\r\n\r\n"),
        Reply.EndlessHintsWithHeaders => RawServer.Endless("", $"HTTP/1.1 103 Early Hints\r\nLink: <{new string('a', 1000)}>\r\n\r\n"),
        Reply.SilenceAfterRequest => RawServer.Silent(""),
        Reply.SilenceInChunks => RawServer.Silent(Chunked + "10\r\n<response><succe\r\n"),
        Reply.SilenceBelowContentLength => RawServer.Silent($"{Head}Content-Length: 5000\r\n\r\n{Success}"),
        Reply.EndlessBodyWithoutLength => RawServer.Endless(Head + "Connection: close\r\n\r\n<response>", Filling),
        Reply.EndlessChunkExtension => RawServer.Endless(Chunked + "1;", Filling),
        Reply.EndlessTrailers => RawServer.Endless($"{Chunked}{Success.Length:x}\r\n{Success}\r\n0\r\n", "X-Trailer: a\r\n"),
        Reply.ChunkBeyondNumbers => RawServer.Text(Chunked + "ffffffffffffffffff\r\n<response>"),
        Reply.LengthsThatDiffer => RawServer.Text($"{Head}Content-Length: 5\r\nContent-Length: 3000000\r\n\r\n{Success}"),
        Reply.LengthBeyondNumbers => RawServer.Text($"{Head}Content-Length: 99999999999999999999\r\n\r\n{Success}"),
        Reply.NegativeLength => RawServer.Text($"{Head}Content-Length: -1\r\n\r\n"),
        Reply.NoHttp => RawServer.Text("\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00FC\r\n\r\n"),
        Reply.EndlessStatusLine => RawServer.Endless("HTTP/1.1 200 ", Filling),
        Reply.InvalidUtf8 => RawServer.Text(Whole("\u00FF\u00FE\u00C0\u0080\u00ED\u00A0\u0080")),
        Reply.CompressedTransfer => RawServer.Text($"{Head}Transfer-Encoding: gzip, chunked\r\n\r\n4\r\n\u001F\u008B\u0008\0\r\n0\r\n\r\n"),
        Reply.UnknownCharset => RawServer.Text($"HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=no-such\r\nContent-Length: 3\r\n\r\n\u00FF\u00FE<"),
        Reply.CaptivePortal => RawServer.Text("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html><head><title>Sign in</title></head><body><p>success=true</p></body></html>"),
        Reply.ManyAttributes => RawServer.Text(Whole($"<response {string.Concat(Enumerable.Range(0, 60_000).Select(i => $"a{i}='' "))}></respons>")),
        Reply.OnlyAmpersands => RawServer.Text(Whole(new string('&', 300_000))),
        Reply.UnclosedElements => RawServer.Text(Whole(string.Concat(Enumerable.Repeat("<a>", 300_000)))),
        Reply.OutsideEntity => RawServer.Text(Whole($"<!DOCTYPE response [<!ENTITY % all SYSTEM \"{outside}/all.dtd\"> %all; <!ENTITY e SYSTEM \"{outside}/e\">]><response><success>true</success><message>&e;</message></response>")),
        Reply.QuadraticEntities => RawServer.Text(Whole($"<!DOCTYPE response [<!ENTITY e \"{new string('a', 100_000)}\">]><response><success>true</success><message>{string.Concat(Enumerable.Repeat("&e;", 100_000))}</message></response>")),
        Reply.NulBytes => RawServer.Text(Whole(new string('\0', 500_000))),
        Reply.SwitchedProtocol => RawServer.Silent("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"),
        _ => throw new ArgumentOutOfRangeException(nameof(reply)),
    };

    private static async Task HeaderOf300MegabytesAsync(Stream stream)
    {
        await RawServer.Text(Head + "X-Large: ")(stream);
        var piece = Encoding.ASCII.GetBytes(Filling);
        for (var sent = 0L; sent < 300 * Megabytes; sent += piece.Length)
            await stream.WriteAsync(piece);
        await RawServer.Text($"\r\nContent-Length: {Success.Length}\r\n\r\n{Success}")(stream);
    }

    private static string Whole(string body, string headers = "") => $"{Head}{headers}Content-Length: {body.Length}\r\n\r\n{body}";

    private static TargetConnection Connect(RawServer server, TimeSpan connectionTimeout, TimeSpan replyTimeout) => new(new TargetConnectionOptions
    {
        ClientCode = "acme",
        Endpoint = server.Address,
        Token = Token,
        CallsPerMinute = 0,
        ConnectionTimeout = connectionTimeout,
        OperationTimeout = replyTimeout,
        BatchReplyTimeout = replyTimeout,
    });
}
