using System.Globalization;

namespace TargetProfiles.Service;

/// <summary>Checks of what a user or the environment gives for a connection.</summary>
internal static class ConnectionSettings
{
    public static string ClientCode(string? given)
    {
        var code = given ?? Environment.GetEnvironmentVariable(TargetConnectionOptions.ClientCodeVariable);
        if (string.IsNullOrWhiteSpace(code))
        {
            throw new ArgumentException(
                "There is no client code. Give it with -ClientCode, or set " +
                $"{TargetConnectionOptions.ClientCodeVariable}. It stands in Target under Administration, Implementation.");
        }

        // It becomes a host name label and a path segment.
        code = code!.Trim();
        if (!IsName(code))
        {
            throw new ArgumentException(
                $"'{ReplyText.Shown(code)}' is no client code: it has letters, digits and hyphens only. It stands in Target under Administration, Implementation.");
        }

        return code;
    }

    public static string? Token(string? given) =>
        Secret(given ?? Environment.GetEnvironmentVariable(TargetConnectionOptions.TokenVariable), "token", "Copy it again from Target: Administration, Implementation, Profile API.");

    /// <summary>When the token expires, in UTC. What the environment says is of the environment's token, not of one that was given.</summary>
    public static DateTime? TokenExpiresAt(TargetConnectionOptions options)
    {
        if (options.TokenExpiresAt is DateTime given)
            return given.ToUniversalTime();
        var text = options.Token is null ? Environment.GetEnvironmentVariable(TargetConnectionOptions.TokenExpiresAtVariable) : null;
        if (string.IsNullOrWhiteSpace(text))
            return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.UtcDateTime
            : throw new ArgumentException($"{TargetConnectionOptions.TokenExpiresAtVariable} holds no time. Write it such as 2027-01-31T12:00:00Z.");
    }

    /// <summary>What goes into a header: no blank, no line end. Null if there is nothing.</summary>
    public static string? Secret(string? given, string what, string remedy)
    {
        if (string.IsNullOrWhiteSpace(given))
            return null;
        var secret = given!.Trim();
        return secret.All(character => IsLetterOrDigit(character) || "._~+/=-".IndexOf(character) >= 0)
            ? secret
            : throw new ArgumentException($"The {what} has characters that no {what} has, such as a space or a line end. {remedy}");
    }

    /// <summary>True for what can be a label of a host name and a segment of a path.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= 63 && text.All(character => IsLetterOrDigit(character) || character is '_' or '-') && IsLetterOrDigit(text[0]) && IsLetterOrDigit(text[text.Length - 1]);

    public static Uri Endpoint(string? given, string clientCode, bool hasToken)
    {
        var text = given ?? Environment.GetEnvironmentVariable(TargetConnectionOptions.EndpointVariable);
        if (string.IsNullOrWhiteSpace(text))
            return new Uri($"https://{clientCode}.tt.omtrdc.net/");
        var uri = Address(text!.Trim(), $"{clientCode}.tt.omtrdc.net");
        if (uri.Scheme == "http" && !uri.IsLoopback)
        {
            var reason = hasToken ? "the token would cross the network in clear" : "profile data would cross the network in clear";
            throw new ArgumentException($"The endpoint '{uri.Host}' must be called by https: {reason}. Only an emulator on this machine may use http.");
        }

        return uri;
    }

    /// <summary>An address of a server, with or without https:// in front.</summary>
    public static Uri Address(string text, string usual)
    {
        var absolute = text.IndexOf("://", StringComparison.Ordinal) >= 0 ? text : $"https://{text}";
        if (!Uri.TryCreate(absolute, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
        {
            throw new ArgumentException(
                $"'{ReplyText.Shown(text)}' is no endpoint. Give a host, such as {usual}, or an address, such as http://127.0.0.1:8123.");
        }

        return uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.AbsolutePath != "/"
            ? throw new ArgumentException($"The endpoint '{uri.Host}' must be a host with or without port: no user, path or query.")
            : uri;
    }

    /// <summary>A proxy by address, or by host and port alone; null means the system's or none.</summary>
    public static Uri? Proxy(TargetConnectionOptions options)
    {
        if (options.NoProxy && (options.Proxy is not null || options.ProxyCredential is not null || options.ProxyUseDefaultCredentials))
            throw new ArgumentException("-NoProxy goes without a proxy: leave it away, or -Proxy, -ProxyCredential and -ProxyUseDefaultCredentials.");
        if (options.ProxyCredential is not null && options.ProxyUseDefaultCredentials)
            throw new ArgumentException("-ProxyCredential and -ProxyUseDefaultCredentials name two users: leave one of them away.");
        if (options.Proxy is not { } given)
            return null;
        var text = given.OriginalString;
        var absolute = text.IndexOf("://", StringComparison.Ordinal) >= 0 ? text : $"http://{text}";
        return Uri.TryCreate(absolute, UriKind.Absolute, out var proxy) && (proxy.Scheme is "http" or "https") && proxy.Host.Length > 0
            ? proxy
            : throw new ArgumentException("-Proxy is no address of a proxy. Give one such as http://proxy.example:8080.");
    }

    public static int InRange(int value, int lowest, int highest, string name) =>
        value >= lowest && value <= highest ? value : throw new ArgumentException($"{name} must be {lowest} to {highest}.");

    public static Uri? WithoutUserInfo(Uri? address) =>
        address is null || address.UserInfo.Length == 0 ? address : new UriBuilder(address) { UserName = "", Password = "" }.Uri;

    private static bool IsLetterOrDigit(char character) => character is (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') or (>= '0' and <= '9');
}
