namespace TargetProfiles.Core.Tests;

/// <summary>Tests that mean nothing here, each with its reason.</summary>
internal static class Exclusions
{
    private static readonly Dictionary<string, string> Reasons = new()
    {
        ["ProxyTests.Plain_http_goes_through_the_proxy_too"] = ".NET Framework and mono never ask a proxy for a host on loopback, which is all that a test has without TLS",
        ["RepeatedRowTests.Named_pipe_is_read_once_and_rejects_them"] = "mono lets no two streams of a process open one named pipe; Windows has none in its file system",
    };

    public static string? ReasonFor(string name) => Reasons.FirstOrDefault(excluded => name.EndsWith(excluded.Key, StringComparison.Ordinal)).Value;
}
