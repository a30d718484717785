using System.Security.Cryptography.X509Certificates;

namespace TargetProfiles.Emulator;

/// <summary>
/// How the emulator behaves. The values are live: a change takes effect at the next request, apart from those under
/// "Listening", which are read once at start. Documented facts are the defaults; whatever is only inferred has a switch.
/// </summary>
public sealed class EmulatorOptions
{
    private int _stuckBatches;

    // Listening: read once at start.

    /// <summary>The client code that the paths must carry; not to be changed while running. Default <c>acme</c>.</summary>
    public string ClientCode { get; set; } = "acme";

    /// <summary>Port of the submit listener; 0 picks a free one.</summary>
    public int Port { get; set; }

    /// <summary>Port of the edge listener, where status URLs point; 0 picks a free one.</summary>
    public int StatusPort { get; set; }

    /// <summary>Serve both listeners over TLS. Default false.</summary>
    public bool UseTls { get; set; }

    /// <summary>The certificate for TLS, with its private key; null makes a self-signed one for localhost at start.</summary>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>Open connections per listener; more are closed at once. Default 512.</summary>
    public int MaxConnections { get; set; } = 512;

    /// <summary>Requests kept in the request log; older ones fall out. Default 10,000.</summary>
    public int RequestLogCapacity { get; set; } = 10_000;

    /// <summary>Seeds loss, fault probability and generated ids, so that runs repeat. Default 1.</summary>
    public int Seed { get; set; } = 1;

    // Connections.

    /// <summary>A connection silent for this long is closed (real time). Default 100 seconds.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>Largest request body read, in bytes; more is answered 413. Default 72 MiB.</summary>
    public long MaxRequestBody { get; set; } = 72L * 1024 * 1024;

    /// <summary>
    /// After an early refusal without <c>Expect: 100-continue</c>, a body up to this size is read away so that the reply
    /// is not lost to a reset; larger ones are cut off. Default 2 MiB, as Tomcat does. Inferred.
    /// </summary>
    public long MaxSwallowedBody { get; set; } = 2L * 1024 * 1024;

    // Authentication.

    /// <summary>The profile authentication token; set makes it required, else 403 [observed]. Default null: not required.</summary>
    public string? Token { get; set; }

    /// <summary>The IMS access token that the Admin API takes; a wrong one is 401. Default null: any is taken. Inferred.</summary>
    public string? AccessToken { get; set; }

    /// <summary>The API key that the Admin API takes; a wrong one is 403 [observed]. Default null: any is taken.</summary>
    public string? ApiKey { get; set; }

    /// <summary>How long a token is valid from start or from its making, by the clock. Default 7,775,999 s [documented formerly].</summary>
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromSeconds(7_775_999);

    /// <summary>Whether batchStatus needs the token as well. Default true. Inferred from "all profile API requests".</summary>
    public bool TokenRequiredForStatus { get; set; } = true;

    /// <summary>Take the literal path segment <c>client</c> for the client code, as Adobe's own samples print it. Default true. Inferred.</summary>
    public bool AliasLiteralClient { get; set; } = true;

    // Throttling.

    /// <summary>Answer 503 beyond <see cref="CallsPerMinute"/>. Default true [documented].</summary>
    public bool ThrottleEnabled { get; set; } = true;

    /// <summary>Bulk and Admin API calls within any 60 seconds of the clock. Default 50 [documented].</summary>
    public int CallsPerMinute { get; set; } = 50;

    /// <summary>Whether batchStatus calls count and are refused too. Default false; the service does not say. Inferred.</summary>
    public bool ThrottleStatusCalls { get; set; }

    /// <summary>The <c>Retry-After</c> of a 503, in seconds; null sends none, as none is documented.</summary>
    public int? RetryAfterSeconds { get; set; }

    // The batch file.

    /// <summary>A batch must be smaller than this many bytes. Default 50,000,000 [documented as 50 MB].</summary>
    public long MaxBatchBytes { get; set; } = 50_000_000;

    /// <summary>Most data rows in a batch. Default 500,000 [documented].</summary>
    public int MaxBatchRows { get; set; } = 500_000;

    /// <summary>Status of the reply to an oversized file: 200 (with success=false) or 413. Default 200. Inferred.</summary>
    public int OversizedFileStatus { get; set; } = 200;

    /// <summary>
    /// Read the body as a form parameter: a raw <c>&amp;</c> ends it, and decoding comes before the split, so <c>%2C</c>
    /// separates. Default false: split first, then decode each field. Inferred; nobody public has tested it.
    /// </summary>
    public bool DecodeBeforeSplit { get; set; }

    /// <summary>A raw <c>+</c> decodes to a blank, as form decoding does. Default true. Inferred.</summary>
    public bool PlusIsSpace { get; set; } = true;

    /// <summary>A CR before the LF is not part of the last value. Default true. Inferred.</summary>
    public bool TolerateCarriageReturn { get; set; } = true;

    /// <summary>
    /// Any content type but <c>application/x-www-form-urlencoded</c> is answered "Batch is empty". Default true [observed].
    /// </summary>
    public bool RequireFormContentType { get; set; } = true;

    /// <summary>Rows whose thirdPartyId contains <c>+</c> or <c>/</c> count as failed. Default true. Inferred from "cannot be sent".</summary>
    public bool FailIdsWithPlusOrSlash { get; set; } = true;

    // Processing.

    /// <summary>From accepting a batch to its being processed, by the clock. Default 200 ms.</summary>
    public TimeSpan ProcessingDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>From accepting a single update to its taking effect, by the clock. Default none.</summary>
    public TimeSpan UpdateDelay { get; set; }

    /// <summary>Which of several waiting batches goes first. Default in the order submitted.</summary>
    public ProcessingOrder ProcessingOrder { get; set; }

    /// <summary>Every batch submitted from now on ends <c>stuck</c>. Default false.</summary>
    public bool ForceStuck { get; set; }

    /// <summary>That many of the next batches end <c>stuck</c>; counts down. Default 0.</summary>
    public int StuckBatches
    {
        get => Volatile.Read(ref _stuckBatches);
        set => Volatile.Write(ref _stuckBatches, value);
    }

    /// <summary>Rows that a stuck batch still applies before it stops. Default 0. Inferred.</summary>
    public int StuckAfterRows { get; set; }

    /// <summary>Share of rows counted as successful and yet not kept, 0 to 1. Default 0; the service owns to 0.001 [documented].</summary>
    public double LossRate { get; set; }

    /// <summary>
    /// Rows lost by <see cref="LossRate"/> are missing from the counts of the details too; else they count as successful.
    /// Default false; the service does not say. Inferred.
    /// </summary>
    public bool LossInCounts { get; set; }

    /// <summary>What a later v2 batch does to what an earlier one left pending. Default <see cref="V2OverrideMode.SameNames"/>.</summary>
    public V2OverrideMode OverrideMode { get; set; }

    /// <summary>A profile untouched for this long is gone, by the clock. Default 14 days [documented].</summary>
    public TimeSpan ProfileLifetime { get; set; } = TimeSpan.FromDays(14);

    // Status.

    /// <summary>Only so many latest statuses are known; null keeps 10,000. The service once said 10 [documented formerly].</summary>
    public int? StatusRetentionCount { get; set; }

    /// <summary>Statuses older than this, by the clock, are unknown; null keeps them. The service once said 24 hours [documented formerly].</summary>
    public TimeSpan? StatusRetentionTime { get; set; }

    /// <summary>Answer an unknown batchId with 404 instead of status <c>unknown</c>. Default false. Inferred.</summary>
    public bool UnknownBatchIsNotFound { get; set; }

    /// <summary>Details list the failed rows, as from May 2020 on [documented formerly]. Default false.</summary>
    public bool ListFailedProfiles { get; set; }

    /// <summary>Details list every row, as from 2017 to 2020 [documented formerly]; must be on when the batch is submitted. Default false.</summary>
    public bool ListAllProfiles { get; set; }

    /// <summary>Status URLs carry a second parameter behind a raw <c>&amp;</c> inside the XML [documented formerly]. Default false.</summary>
    public bool RawAmpersandInStatusUrl { get; set; }

    /// <summary>
    /// Scheme, host and port to print in status URLs instead of the edge listener's, such as
    /// <c>http://mboxedge45.tt.omtrdc.net</c>; or, with <c>{batchId}</c> in it, the whole URL. Null: the listener's.
    /// </summary>
    public string? StatusUrlOverride { get; set; }

    // Single update and fetch.

    /// <summary>Longest query of a GET update, in bytes. Default 8,192 [documented as 8 KB]; beyond it 414 (Inferred).</summary>
    public int MaxUpdateQueryBytes { get; set; } = 8 * 1024;

    /// <summary>Longest body of a POST update, in bytes. Default 61,440 [documented as 60 KB]; beyond it 413 (Inferred).</summary>
    public int MaxUpdateBodyBytes { get; set; } = 60 * 1024;

    /// <summary>How long a fetch does not yet see a change, by the clock. Default none; the service says up to 24 hours.</summary>
    public TimeSpan FetchLag { get; set; }

    internal bool TakeStuck()
    {
        if (ForceStuck)
        {
            return true;
        }

        while (true)
        {
            int left = Volatile.Read(ref _stuckBatches);
            if (left <= 0)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _stuckBatches, left - 1, left) == left)
            {
                return true;
            }
        }
    }
}

/// <summary>Which of several waiting batches is processed first.</summary>
public enum ProcessingOrder
{
    /// <summary>The one submitted first.</summary>
    Submitted,

    /// <summary>The one submitted last: whenever a batch is due, all later ones that wait go before it.</summary>
    Reversed,
}

/// <summary>
/// "Consecutive v2 batches for the same thirdPartyId with no mbox call between override the properties of the first"
/// [documented]; which properties, it does not say.
/// </summary>
public enum V2OverrideMode
{
    /// <summary>The later batch replaces attributes of the same name only. Inferred.</summary>
    SameNames,

    /// <summary>All attributes still pending from earlier v2 batches vanish. Inferred.</summary>
    WholePendingSet,
}
