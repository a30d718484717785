using System.Net;
#if NET
using System.Security.Cryptography.X509Certificates;
#endif

namespace TargetProfiles.Service;

/// <summary>One HttpClient a connection: no redirects, no cookies, no decompression, timeouts kept by the calls themselves.</summary>
internal static class HttpClientFactory
{
    private const int MaxHeaderKilobytes = 64;

    private static readonly TimeSpan LongestUseOfAConnection = TimeSpan.FromMinutes(5);

    public static HttpClient Create(TargetConnectionOptions options, Uri? proxy, Uri endpoint)
    {
        var client = new HttpClient(Handler(options, proxy, endpoint), disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
        var version = typeof(HttpClientFactory).Assembly.GetName().Version!.ToString(3);
        client.DefaultRequestHeaders.UserAgent.ParseAdd($"TargetProfiles/{version}");
        return client;
    }

#if NET
    private static SocketsHttpHandler Handler(TargetConnectionOptions options, Uri? proxy, Uri endpoint)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = options.ConnectionTimeout,
            Expect100ContinueTimeout = options.ExpectContinueTimeout,
            PooledConnectionLifetime = LongestUseOfAConnection,
            MaxResponseHeadersLength = MaxHeaderKilobytes,
            UseProxy = !options.NoProxy && !(endpoint.IsLoopback && proxy is null),
            Proxy = Proxy(options, proxy),
            DefaultProxyCredentials = options.ProxyUseDefaultCredentials ? CredentialCache.DefaultCredentials : options.ProxyCredential,
        };
        if (options.TrustCertificate is { } trust)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                errors == System.Net.Security.SslPolicyErrors.None || (certificate is X509Certificate2 offered && trust(offered));
        }

        return handler;
    }
#else
    private const int MaxConnections = 64;

    private static ServicePointHandler Handler(TargetConnectionOptions options, Uri? proxy, Uri endpoint)
    {
        AllowTls12(endpoint);
        var handler = new HttpClientHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            MaxConnectionsPerServer = MaxConnections,
            MaxResponseHeadersLength = MaxHeaderKilobytes,
            UseProxy = !options.NoProxy && !(endpoint.IsLoopback && proxy is null),
        };
        if (handler.UseProxy)
            handler.Proxy = (IWebProxy?)Proxy(options, proxy) ?? SystemProxy(options);
        if (options.TrustCertificate is { } trust)
        {
            handler.ServerCertificateCustomValidationCallback = (_, certificate, _, errors) =>
                errors == System.Net.Security.SslPolicyErrors.None || trust(certificate);
        }

        return new ServicePointHandler(handler, LongestUseOfAConnection);
    }

    // .NET Framework's handler has credentials for the system's proxy only since 4.7.1, and mono's does nothing with them.
    private static CredentialedProxy? SystemProxy(TargetConnectionOptions options)
    {
        var credentials = options.ProxyUseDefaultCredentials ? CredentialCache.DefaultCredentials : options.ProxyCredential;
        return credentials is not null && WebRequest.DefaultWebProxy is { } system ? new CredentialedProxy(system, credentials) : null;
    }

    // .NET Framework only, and only where someone turned the system's default off: the setting is the whole process's.
    private static void AllowTls12(Uri endpoint)
    {
        const SecurityProtocolType SystemDefault = 0;
        if (endpoint.Scheme == "https" && ServicePointManager.SecurityProtocol != SystemDefault)
            ServicePointManager.SecurityProtocol |= SecurityProtocolType.Tls12;
    }
#endif

    private static WebProxy? Proxy(TargetConnectionOptions options, Uri? proxy)
    {
        if (proxy is null)
            return null;
        return new WebProxy(ConnectionSettings.WithoutUserInfo(proxy))
        {
            UseDefaultCredentials = options.ProxyUseDefaultCredentials,
            Credentials = options.ProxyUseDefaultCredentials ? CredentialCache.DefaultCredentials : options.ProxyCredential ?? FromUserInfo(proxy),
        };
    }

    private static NetworkCredential? FromUserInfo(Uri proxy)
    {
        if (proxy.UserInfo.Length == 0)
            return null;
        var parts = proxy.UserInfo.Split([':'], 2);
        return new NetworkCredential(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
    }
}
