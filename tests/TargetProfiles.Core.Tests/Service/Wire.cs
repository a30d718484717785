using System.Diagnostics;
using System.Text;
using TargetProfiles.Batches;
using TargetProfiles.Emulator;
using TargetProfiles.Service;

namespace TargetProfiles.Core.Tests;

/// <summary>An emulator over real HTTP, and a connection to it that waits briefly between tries.</summary>
internal sealed class Wire : IDisposable
{
    /// <summary>Long enough for a busy machine; only a hang gets there.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>As long, for a call, so that a hang is told as the call's failure.</summary>
    public static readonly TimeSpan CallPatience = TimeSpan.FromMinutes(1);

    private readonly List<IDisposable> _owned = [];

    public Wire(EmulatorOptions? options = null, string? token = null, TargetConnectionOptions? connection = null)
    {
        options ??= new EmulatorOptions();
        options.ThrottleEnabled = false;
        options.ProcessingDelay = TimeSpan.Zero;
#if MONO
        options.Certificate ??= options.UseTls ? GivenCertificate.Open() : null;
#endif
        Emulator = TargetEmulator.Start(options);
        Connection = Connect(connection ?? Settings(token));
        Client = new TargetClient(Connection);
    }

    public TargetEmulator Emulator { get; }

    public TargetConnection Connection { get; }

    public TargetClient Client { get; }

    public IEnumerable<LoggedRequest> Submits => Emulator.Requests.Where(request => request.Target.Contains("batchUpdate"));

    /// <summary>Settings for this emulator; what is given overrides the short waits.</summary>
    public TargetConnectionOptions Settings(string? token = null, TimeSpan? operationTimeout = null, TimeSpan? replyTimeout = null, TimeSpan? connectionTimeout = null, int retries = 2, string? clientCode = null, RetryDelays? delays = null, bool trust = false) => new()
    {
        ClientCode = clientCode ?? Emulator.ClientCode,
        Endpoint = Emulator.Endpoint.AbsoluteUri,
        Token = token ?? "",
        CallsPerMinute = 0,
        MaximumRetryCount = retries,
        OperationTimeout = operationTimeout ?? CallPatience,
        BatchReplyTimeout = replyTimeout ?? CallPatience,
        ConnectionTimeout = connectionTimeout ?? CallPatience,
        ExpectContinueTimeout = CallPatience,
        RetryDelays = delays ?? Short,
        TrustCertificate = trust ? certificate => certificate.Thumbprint == Emulator.Certificate!.Thumbprint : null,
    };

    public static RetryDelays Short { get; } = new() { First = TimeSpan.FromMilliseconds(1), Longest = TimeSpan.FromMilliseconds(5), Throttled = TimeSpan.FromMilliseconds(20) };

    public TargetConnection Connect(TargetConnectionOptions options)
    {
        var connection = new TargetConnection(options);
        _owned.Add(connection);
#if NETSTANDARD_BUILD && !MONO
        BePatient(connection.Http);
#endif
        return connection;
    }

#if NETSTANDARD_BUILD && !MONO
    // HttpClientHandler on .NET waits a second for leave to send a body, and cannot be told to wait longer.
    private static void BePatient(HttpClient client)
    {
        var handler = Held<DelegatingHandler>(client, typeof(HttpMessageInvoker), "_handler").InnerHandler!;
        Held<SocketsHttpHandler>(handler, typeof(HttpClientHandler), "_underlyingHandler").Expect100ContinueTimeout = CallPatience;

        static T Held<T>(object holder, Type type, string field) =>
            (T)type.GetField(field, System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!.GetValue(holder)!;
    }
#endif

    public void Play(FaultKind kind, FaultTarget on = FaultTarget.Submit, int times = 1, int status = 503, long afterBytes = 0, bool? applied = null, string? retryAfter = null, long replyBytes = 0, int skip = 0, string message = "Unexpected Error", string? location = null, TimeSpan delay = default) =>
        Emulator.Faults.Add(new WireFault { Kind = kind, On = on, Times = times, StatusCode = status, AfterBytes = afterBytes, Applied = applied, RetryAfter = retryAfter, ReplyBytes = replyBytes, SkipFirst = skip, Message = message, Location = location ?? "http://redirect.invalid/", Delay = delay });

    public async Task<SubmitReply> SubmitAsync(string rows = "U1,x\n", ProfileApiVersion version = ProfileApiVersion.V2, TargetConnection? connection = null)
    {
        using var batch = Batch(rows);
        return await new TargetClient(connection ?? Connection).SubmitBatchAsync(batch, version, _ => { }, default).WaitAsync(Patience);
    }

    public static SealedBatch Batch(string rows, string header = "batch=thirdPartyId,a\n")
    {
        var buffer = new SegmentedBuffer();
        buffer.Append(Encoding.ASCII.GetBytes(rows));
        var count = rows.Count(c => c == '\n');
        return new SealedBatch(1, Encoding.ASCII.GetBytes(header), buffer, RowWitness.Of(buffer), 1, count);
    }

    /// <summary>A batch of about so many bytes.</summary>
    public static SealedBatch LargeBatch(int bytes)
    {
        var value = new string('x', 10_000);
        return Batch(string.Concat(Enumerable.Range(0, bytes / 10_000).Select(i => $"U{i},{value}\n")));
    }

    public static async Task<TargetServiceException> FailsAsync(Func<Task> call) =>
        await Assert.ThrowsAsync<TargetServiceException>(() => call().WaitAsync(Patience));

    /// <summary>Waits until something another thread does has happened.</summary>
    public static async Task UntilAsync(Func<bool> happened, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!happened())
        {
            Assert.True(clock.Elapsed < Patience, $"never: {what}");
            await Task.Delay(2);
        }
    }

    public void Dispose()
    {
        _owned.ForEach(connection => connection.Dispose());
        Emulator.Dispose();
    }
}
