using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;

namespace TargetProfiles;

/// <summary>A checked way to one account of the service. Opens nothing until it is used; shows no secret.</summary>
public sealed class TargetConnection : IDisposable
{
    private const string AdobeDomain = ".tt.omtrdc.net";

    /// <summary>Statuses live a day at most, and few are asked for by hand.</summary>
    private const int MaxRememberedBatches = 1000;

    /// <summary>Time in which someone who works on weekdays finds the warning.</summary>
    private static readonly TimeSpan TokenWarningTime = TimeSpan.FromDays(7);

    private readonly string? _token;
    private readonly Service.SecretMask? _mask;
    private readonly ConcurrentDictionary<string, Uri> _statusUris = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _batchIds = new();
    private readonly Lazy<HttpClient> _http;

    /// <summary>Checks the options and fills gaps from the environment.</summary>
    /// <exception cref="ArgumentException">An option is missing or cannot be used; the message says which and what to do.</exception>
    public TargetConnection(TargetConnectionOptions options)
    {
        if (options is null)
            throw new ArgumentNullException(nameof(options));
        ClientCode = Service.ConnectionSettings.ClientCode(options.ClientCode);
        _token = Service.ConnectionSettings.Token(options.Token);
        TokenExpiresAt = _token is null ? null : Service.ConnectionSettings.TokenExpiresAt(options);
        _mask = _token is null ? null : new Service.SecretMask(_token);
        Endpoint = Service.ConnectionSettings.Endpoint(options.Endpoint, ClientCode, HasToken);
        ApiVersion = options.ApiVersion;
        MaximumRetryCount = Service.ConnectionSettings.InRange(options.MaximumRetryCount, 0, 100, nameof(options.MaximumRetryCount));
        CallsPerMinute = Service.ConnectionSettings.InRange(options.CallsPerMinute, 0, 100_000, nameof(options.CallsPerMinute));
        RequireTimeout(options.ConnectionTimeout, nameof(options.ConnectionTimeout));
        RequireTimeout(options.OperationTimeout, nameof(options.OperationTimeout));
        var proxy = Service.ConnectionSettings.Proxy(options);
        Proxy = Service.ConnectionSettings.WithoutUserInfo(proxy);
        Options = options;
        _http = new Lazy<HttpClient>(() => Service.HttpClientFactory.Create(options, proxy, Endpoint));
    }

    /// <summary>The account's client code.</summary>
    public string ClientCode { get; }

    /// <summary>Where submits, updates and fetches go.</summary>
    public Uri Endpoint { get; }

    /// <summary>Version of the bulk API where a command does not say.</summary>
    public ProfileApiVersion ApiVersion { get; }

    /// <summary>True if calls carry a profile authentication token.</summary>
    public bool HasToken => _token is not null;

    /// <summary>When the token expires, in UTC, if that is known.</summary>
    public DateTime? TokenExpiresAt { get; }

    /// <summary>The proxy that was asked for, without its credentials; null means the system's or none.</summary>
    public Uri? Proxy { get; }

    /// <summary>Times a call is repeated after the first try.</summary>
    public int MaximumRetryCount { get; }

    /// <summary>Bulk and status calls a minute; 0 means no limit.</summary>
    public int CallsPerMinute { get; }

    /// <summary>Batches that this connection submitted, oldest first; the last 1,000.</summary>
    public IReadOnlyList<string> SubmittedBatchIds => [.. _batchIds];

    internal TargetConnectionOptions Options { get; }

    internal HttpClient Http => _http.Value;

    internal AuthenticationHeaderValue? Authorization => _token is null ? null : new AuthenticationHeaderValue("Bearer", _token);

    /// <inheritdoc/>
    public override string ToString() => $"{ClientCode} at {Endpoint.GetLeftPart(UriPartial.Authority)}";

    /// <summary>What to tell of the token's end, if it is known and near; null otherwise.</summary>
    public string? TokenExpiryWarning(DateTime utcNow)
    {
        if (TokenExpiresAt is not DateTime expiry || expiry - utcNow >= TokenWarningTime)
            return null;
        var left = expiry - utcNow;
        var when = left <= TimeSpan.Zero ? "expired on" : left < TimeSpan.FromDays(1) ? "has less than a day left: it expires on" : $"has {CountText.Of(left.Days, "day")} left: it expires on";
        return $"The profile authentication token of {ClientCode} {when} {expiry.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC. " +
            "New-TargetProfileToken makes a new one, and revokes this one at once; about_TargetProfiles_Runbooks tells how to replace it.";
    }

    /// <summary>Closes the connections. Calls that are under way end with an error.</summary>
    public void Dispose()
    {
        if (_http.IsValueCreated)
            _http.Value.Dispose();
    }

    private static void RequireTimeout(TimeSpan timeout, string name) =>
        Service.ConnectionSettings.InRange((int)Math.Min(int.MaxValue, timeout.TotalMilliseconds), 1, 86_400_000, $"{name} in milliseconds");

    internal void Remember(string batchId, Uri statusUri)
    {
        if (!_statusUris.TryAdd(batchId, statusUri))
            return;
        _batchIds.Enqueue(batchId);
        while (_batchIds.Count > MaxRememberedBatches && _batchIds.TryDequeue(out var oldest))
            _statusUris.TryRemove(oldest, out _);
    }

    /// <summary>Where the status of a batch of this connection can be asked for; null if that is unknown or not to be called.</summary>
    internal Uri? StatusUriOf(string batchId) => _statusUris.TryGetValue(batchId, out var uri) && TrustedOrNull(uri) is not null ? uri : null;

    /// <summary>Removes the token from a text, should a server or a proxy have echoed it.</summary>
    internal string Redact(string text) => _mask?.Apply(text) ?? text;

    /// <summary>
    /// Checks an address that came from a reply or a user. http becomes https, the connection's own emulator on loopback
    /// aside; that the edges answer by https is inferred (facts 2.1 and 4).
    /// </summary>
    /// <exception cref="TargetServiceException">The address is of another host.</exception>
    internal Uri Trusted(Uri address) => TrustedOrNull(address) ?? throw new TargetServiceException(
        ServiceFailureKind.UnsafeAddress,
        $"The status address leads to '{Service.ReplyText.Shown(Redact(address.IsAbsoluteUri ? address.Host : address.ToString()))}', " +
        $"which is neither {Endpoint.Host} nor under *{AdobeDomain}. It was not called.",
        "Ask for the status by its batch id instead. If the address came from a reply, find out who answered for the service.");

    private Uri? TrustedOrNull(Uri address)
    {
        if (!address.IsAbsoluteUri || address.UserInfo.Length > 0 || address.Scheme is not ("http" or "https"))
            return null;
        if (Endpoint.IsLoopback && address.IsLoopback)
            return address;
        var isAdobes = address.Host.EndsWith(AdobeDomain, StringComparison.OrdinalIgnoreCase);
        var isOwn = string.Equals(address.Host, Endpoint.Host, StringComparison.OrdinalIgnoreCase);
        if (address.Scheme == "https" && (isAdobes || (isOwn && address.Port == Endpoint.Port)))
            return address;
        return address.Scheme == "http" && (isAdobes || isOwn) && address.IsDefaultPort
            ? new UriBuilder(address) { Scheme = "https", Port = isOwn ? Endpoint.Port : 443 }.Uri
            : null;
    }
}
