using System.Net.Http.Headers;

namespace TargetProfiles;

/// <summary>A checked way to the Admin API of one tenant. Opens nothing until it is used; shows no secret.</summary>
public sealed class TargetAdminConnection : IDisposable
{
    private readonly string _accessToken;
    private readonly Service.SecretMask[] _masks;
    private readonly Lazy<HttpClient> _http;

    /// <summary>Checks the options and fills gaps from the environment.</summary>
    /// <exception cref="ArgumentException">An option is missing or cannot be used; the message says which and what to do.</exception>
    public TargetAdminConnection(TargetAdminOptions options)
    {
        if (options is null)
            throw new ArgumentNullException(nameof(options));
        Tenant = Service.AdminSettings.Tenant(options.Tenant);
        Endpoint = Service.AdminSettings.Endpoint(options.Endpoint);
        _accessToken = Service.AdminSettings.AccessToken(options.AccessToken);
        ApiKey = Service.AdminSettings.ApiKey(options.ApiKey);
        _masks = [new(_accessToken), new(ApiKey)];
        Network = options.Network;
        var proxy = Service.ConnectionSettings.Proxy(Network);
        Proxy = Service.ConnectionSettings.WithoutUserInfo(proxy);
        _http = new Lazy<HttpClient>(() => Service.HttpClientFactory.Create(Network, proxy, Endpoint));
    }

    /// <summary>The tenant.</summary>
    public string Tenant { get; }

    /// <summary>Where calls go.</summary>
    public Uri Endpoint { get; }

    internal string ApiKey { get; }

    internal TargetConnectionOptions Network { get; }

    internal Uri? Proxy { get; }

    internal HttpClient Http => _http.Value;

    internal AuthenticationHeaderValue Authorization => new("Bearer", _accessToken);

    /// <inheritdoc/>
    public override string ToString() => $"{Tenant} at {Endpoint.GetLeftPart(UriPartial.Authority)}";

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
        if (_http.IsValueCreated)
            _http.Value.Dispose();
    }

    /// <summary>Removes the access token and the API key from a text, should a server or a proxy have echoed them.</summary>
    internal string Redact(string text) => _masks.Aggregate(text, (left, mask) => mask.Apply(left));
}
