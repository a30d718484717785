namespace TargetProfiles;

/// <summary>
/// A failed call: the message says what and where, <see cref="RecommendedAction"/> what to do. Holds no secret and no row
/// data. Texts name options as PowerShell spells them; the command line respells them.
/// </summary>
public sealed class TargetServiceException : Exception
{
    /// <summary>Creates the exception.</summary>
    public TargetServiceException(ServiceFailureKind kind, string message, string recommendedAction, int? statusCode = null, Exception? inner = null)
        : base(message, inner)
    {
        Kind = kind;
        RecommendedAction = recommendedAction;
        StatusCode = statusCode;
    }

    /// <summary>Why the call failed.</summary>
    public ServiceFailureKind Kind { get; }

    /// <summary>HTTP status code, if there was a reply.</summary>
    public int? StatusCode { get; }

    /// <summary>What to do next.</summary>
    public string RecommendedAction { get; }

    /// <summary>How long the service asked to wait, if it did.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>True if every call of the connection would fail so, until a setting is changed: the token, the client code, the address, the trust.</summary>
    public bool EndsEveryCall => Kind is ServiceFailureKind.TokenRejected or ServiceFailureKind.AdminAccessRejected or ServiceFailureKind.RequestRejected
        or ServiceFailureKind.HostNotFound or ServiceFailureKind.CertificateUntrusted or ServiceFailureKind.ProxyRejected
        or ServiceFailureKind.RedirectRefused or ServiceFailureKind.ConnectionClosed;

    /// <summary>True if the same call may succeed later without any change.</summary>
    public bool IsTransient => Kind is ServiceFailureKind.ConnectionFailed or ServiceFailureKind.TimedOut
        or ServiceFailureKind.Throttled or ServiceFailureKind.ServerError or ServiceFailureKind.UnreadableReply;
}
