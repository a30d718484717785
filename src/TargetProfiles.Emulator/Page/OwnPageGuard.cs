using TargetProfiles.Emulator.Endpoints;
using TargetProfiles.Emulator.Http;

namespace TargetProfiles.Emulator.Page;

/// <summary>
/// Keeps web sites away from the emulator's own pages. A browser on this machine reaches them for any site that it shows:
/// by a name of the site's own that is pointed here, or by a request across sites.
/// </summary>
internal static class OwnPageGuard
{
    /// <summary>Why the request is refused, or null.</summary>
    public static string? Refusal(RequestHead head, Route route, EmulatorOptions options)
    {
        string? host = head.Header("Host");
        if (host is not null && !IsLocal(HostName(host)) && !IsConfigured(HostName(host), options))
        {
            return "Only localhost may ask this";
        }

        // A link may lead to the start page; everything else is asked by the page itself or by a program, which sends no such header.
        bool isOfOtherSite = route.Kind == EndpointKind.Emulator && head.Header("Sec-Fetch-Site") is { } site and not ("same-origin" or "none") && site.Length > 0;
        return isOfOtherSite || (head.Header("Origin") is { } origin && !IsOwn(origin, host, options))
            ? "No other web site may ask this"
            : null;
    }

    private static bool IsOwn(string origin, string? host, EmulatorOptions options) =>
        host is not null && origin.Equals((options.UseTls ? "https://" : "http://") + host, StringComparison.OrdinalIgnoreCase);

    private static bool IsLocal(string name) =>
        name is "127.0.0.1" or "[::1]" || name.Equals("localhost", StringComparison.OrdinalIgnoreCase);

    private static bool IsConfigured(string name, EmulatorOptions options) =>
        Uri.TryCreate(options.StatusUrlOverride, UriKind.Absolute, out Uri? configured)
        && name.Equals(configured.Host, StringComparison.OrdinalIgnoreCase);

    private static string HostName(string host) =>
        host.StartsWith("[", StringComparison.Ordinal) ? host.Split(']')[0] + "]" : host.Split(':')[0];
}
