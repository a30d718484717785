using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace TargetProfiles.Service;

/// <summary>What went wrong, where, and the remedy: one place for all texts about failed calls.</summary>
internal static class ServiceFailures
{
    /// <summary>For a reply that is not a success.</summary>
    /// <param name="reply">The reply.</param>
    /// <param name="connection">Where it came from.</param>
    /// <param name="call">What was asked.</param>
    /// <param name="asksForProfile">True if a 404 means that there is no such profile.</param>
    public static TargetServiceException FromReply(ServiceReply reply, TargetConnection connection, string call, bool asksForProfile = false)
    {
        var status = reply.StatusCode;
        var what = What(reply, call, connection.Endpoint, connection.Proxy, connection.Redact);
        return status switch
        {
            400 => New(reply, ServiceFailureKind.RequestRejected, $"{what}. Target answers so for an unknown client code; this one is '{connection.ClientCode}'.",
                "Check the client code in Target: Administration, Implementation."),
            401 or 403 when !connection.HasToken => New(reply, ServiceFailureKind.TokenRejected, $"{what}. The account requires a profile authentication token, and none was given.",
                $"Generate one in Target: Administration, Implementation, Profile API. Give it with -Token, or set {TargetConnectionOptions.TokenVariable}."),
            401 or 403 => New(reply, ServiceFailureKind.TokenRejected, $"{what}. The profile authentication token is wrong, expired or was replaced.",
                "Copy the current one from Target: Administration, Implementation, Profile API. It is not the debugger's token and not an Adobe I/O token."),
            404 when asksForProfile => New(reply, ServiceFailureKind.ProfileNotFound, $"{what}.", "Check the id, and its type. A new profile can take up to a day to appear; one unused for 14 days expires."),
            _ => FromAnyReply(reply, what, connection.Redact),
        };
    }

    /// <summary>For a reply of the Admin API that is not a success.</summary>
    /// <param name="reply">The reply.</param>
    /// <param name="connection">Where it came from.</param>
    /// <param name="call">What was asked.</param>
    /// <param name="asksForToken">True if a 404 means that there is no token yet.</param>
    public static TargetServiceException FromReply(ServiceReply reply, TargetAdminConnection connection, string call, bool asksForToken)
    {
        var status = reply.StatusCode;
        var what = What(reply, call, connection.Endpoint, connection.Proxy, connection.Redact);
        return status switch
        {
            400 => New(reply, ServiceFailureKind.RequestRejected, $"{what}. The tenant is '{connection.Tenant}'.", "Check -Tenant and -ApiKey."),
            401 => New(reply, ServiceFailureKind.AdminAccessRejected, $"{what}. The IMS access token is wrong or expired.",
                "Get a new access token from Adobe IMS; one lives a day at most. It is not the profile authentication token."),
            403 => New(reply, ServiceFailureKind.AdminAccessRejected, $"{what}. The API key does not belong to the access token, or its credential may not do this.",
                "Check -ApiKey: it is the client ID of the credential in the Adobe Developer Console. The project needs the Adobe Target API, and its product profile the Approver role."),
            404 when asksForToken => New(reply, ServiceFailureKind.TokenNotFound, $"{what}. The tenant '{connection.Tenant}' has no profile authentication token, or there is no such tenant.",
                "Check -Tenant. New-TargetProfileToken makes a token."),
            _ => FromAnyReply(reply, what, connection.Redact),
        };
    }

    /// <summary>For a success status with a body that is not the service's.</summary>
    public static TargetServiceException Unreadable(ServiceReply reply, TargetConnection connection, string call)
    {
        var reason = reply.Body is null
            ? "the reply broke off, was compressed, or is too large"
            : reply.MediaType.IndexOf("html", StringComparison.OrdinalIgnoreCase) >= 0
                ? "the reply is a web page; a proxy or a sign-in portal may have answered instead of Target"
                : $"the reply is not one of Target's: '{ReplyText.Shown(connection.Redact(reply.Body))}'";
        return new TargetServiceException(
            ServiceFailureKind.UnreadableReply,
            $"{call} at {connection.Endpoint.Authority}: HTTP {reply.StatusCode}, but {reason}.",
            "Check the endpoint and the proxy, then run the same command again.",
            reply.StatusCode);
    }

    /// <summary>For a call without a reply.</summary>
    public static TargetServiceException FromException(Exception exception, bool timedOut, Uri address, string call, Uri? proxy)
    {
        var where = $"{call} at {Route(address, proxy)}";
        if (timedOut)
        {
            return new TargetServiceException(ServiceFailureKind.TimedOut, $"{where}: nothing moved for too long, so the call was given up.",
                "Run the same command again. On a slow line, raise -OperationTimeoutSec.", null, exception);
        }

        // .NET Framework tells of some failures of DNS and TLS by a WebException with nothing inside.
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case ObjectDisposedException:
                    return new TargetServiceException(ServiceFailureKind.ConnectionClosed, $"{where}: the connection was closed while it was in use.",
                        "Connect again, and run the same command again.", null, exception);
                case AuthenticationException:
                case WebException { Status: WebExceptionStatus.SecureChannelFailure, InnerException: null }:
                    return new TargetServiceException(ServiceFailureKind.CertificateUntrusted, $"{where}: the server's certificate is not trusted, or TLS failed: {ReplyText.Shown(cause.Message)}",
                        "Check the endpoint. If your network inspects TLS, add its root certificate to this machine's trusted roots.", null, exception);
                case WebException { Status: WebExceptionStatus.NameResolutionFailure or WebExceptionStatus.ProxyNameResolutionFailure }:
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }:
                    return new TargetServiceException(ServiceFailureKind.HostNotFound, $"{where}: the host '{address.Host}'{(proxy is null ? "" : $" or '{proxy.Host}'")} has no address.",
                        "Check the client code or the endpoint, this machine's DNS, and whether a proxy is needed (-Proxy).", null, exception);
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return new TargetServiceException(ServiceFailureKind.ConnectionFailed, $"{where}: the connection was refused.",
                        $"Check the endpoint's host and port, or the proxy's, and that a firewall lets {(address.Host == AdminSettings.AdobeHost ? address.Host : "*.tt.omtrdc.net")} through. For an emulator: is it still running?", null, exception);
            }
        }

        if (exception.ToString() is var text && (text.Contains("'407'") || text.Contains("(407)")))
        {
            return new TargetServiceException(ServiceFailureKind.ProxyRejected, $"{where}: the proxy refused the connection and wants credentials (407).",
                "Connect with -ProxyCredential or -ProxyUseDefaultCredentials.", null, exception);
        }

        return new TargetServiceException(ServiceFailureKind.ConnectionFailed, $"{where}: the connection failed: {ReplyText.Shown(Innermost(exception).Message)}",
            "Check the network and the proxy, then run the same command again.", null, exception);
    }

    /// <summary>The service's own words, as far as the body holds any.</summary>
    public static string Said(ServiceReply reply, Func<string, string> redact)
    {
        var message = ServiceXml.TryParse(reply.Body)?.Text("message") ?? ServiceJson.Message(reply.Body);
        return string.IsNullOrWhiteSpace(message) ? "" : $", '{ReplyText.Shown(redact(message!))}'";
    }

    // Whose answer it is: a 407 is the proxy's.
    private static string What(ServiceReply reply, string call, Uri endpoint, Uri? proxy, Func<string, string> redact) =>
        $"{call} at {Route(endpoint, reply.StatusCode == 407 ? proxy : null)}: HTTP {reply.StatusCode}{Said(reply, redact)}";

    private static string Route(Uri address, Uri? proxy) => proxy is null ? address.Authority : $"{address.Authority} through the proxy {proxy.Authority}";

    /// <summary>What means the same wherever it comes from.</summary>
    private static TargetServiceException FromAnyReply(ServiceReply reply, string what, Func<string, string> redact) => reply.StatusCode switch
    {
        404 => New(reply, ServiceFailureKind.Refused, $"{what}. There is no such address.",
            "Check the endpoint and the proxy: another server may have answered."),
        407 => New(reply, ServiceFailureKind.ProxyRejected, $"{what}. The proxy wants credentials.",
            "Connect with -ProxyCredential or -ProxyUseDefaultCredentials."),
        429 or 503 => New(reply, ServiceFailureKind.Throttled, $"{what}. The account is over its {ServiceLimits.AccountCallsPerMinute} bulk calls a minute, or the service is busy.",
            "Wait some minutes and run the same command again; lower -CallsPerMinute if other jobs use the account."),
        < 200 => New(reply, ServiceFailureKind.UnreadableReply, $"{what}, which is no answer to the call.", "Check the endpoint and the proxy, then run the same command again."),
        >= 300 and < 400 => New(reply, ServiceFailureKind.RedirectRefused,
            $"{what}. It redirects to '{ReplyText.Shown(redact(reply.Location?.ToString() ?? ""))}', and redirects are not followed, to keep the token and the data here.",
            "Check the endpoint and the proxy: a sign-in page or another service may have answered."),
        >= 500 => New(reply, ServiceFailureKind.ServerError, $"{what}.", "Run the same command again later."),
        _ => New(reply, ServiceFailureKind.Refused, $"{what}.", "Read the service's message, change what it names, and try again."),
    };

    private static TargetServiceException New(ServiceReply reply, ServiceFailureKind kind, string message, string action) =>
        new(kind, message, action, reply.StatusCode) { RetryAfter = reply.RetryAfter };

    private static Exception Innermost(Exception exception)
    {
        while (exception.InnerException is not null)
            exception = exception.InnerException;
        return exception;
    }
}
