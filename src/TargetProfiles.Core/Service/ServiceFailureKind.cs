namespace TargetProfiles;

/// <summary>Why a call to the service failed.</summary>
public enum ServiceFailureKind
{
    /// <summary>401 or 403: the profile authentication token is missing, wrong or expired.</summary>
    TokenRejected,

    /// <summary>401 or 403 of the Admin API: the IMS access token or the API key is wrong, expired, or may not do this.</summary>
    AdminAccessRejected,

    /// <summary>The Admin API knows no profile authentication token.</summary>
    TokenNotFound,

    /// <summary>400: most likely the client code is unknown (fact 2.5).</summary>
    RequestRejected,

    /// <summary>The host name has no address.</summary>
    HostNotFound,

    /// <summary>No connection, or it broke.</summary>
    ConnectionFailed,

    /// <summary>The connection was closed by this session while the call was under way.</summary>
    ConnectionClosed,

    /// <summary>The server's certificate is not trusted, or TLS failed otherwise.</summary>
    CertificateUntrusted,

    /// <summary>The proxy refused, or wants credentials.</summary>
    ProxyRejected,

    /// <summary>Nothing moved for longer than the timeout.</summary>
    TimedOut,

    /// <summary>429 or 503: over the calls a minute of the account (fact 2.5).</summary>
    Throttled,

    /// <summary>404: there is no such profile, or it is not there yet.</summary>
    ProfileNotFound,

    /// <summary>The service does not know the batch, or not any more.</summary>
    BatchUnknown,

    /// <summary>The first rows, which went ahead, are not in Target as they were sent.</summary>
    CanaryNotArrived,

    /// <summary>The service could not process the batch of the rows that went ahead.</summary>
    CanaryStuck,

    /// <summary>The service took the request and said no.</summary>
    Refused,

    /// <summary>Another 5xx.</summary>
    ServerError,

    /// <summary>A redirect, which is not followed: it could lead the token elsewhere.</summary>
    RedirectRefused,

    /// <summary>The reply is not what the service sends: another server answered, or it was cut short.</summary>
    UnreadableReply,

    /// <summary>An address that the token or the request must not go to.</summary>
    UnsafeAddress,
}
