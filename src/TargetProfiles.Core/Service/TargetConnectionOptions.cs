using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace TargetProfiles;

/// <summary>What a connection needs to know. Gaps are filled from the environment.</summary>
public sealed class TargetConnectionOptions
{
    /// <summary>Environment variable for <see cref="ClientCode"/>.</summary>
    public const string ClientCodeVariable = "TARGET_CLIENT_CODE";

    /// <summary>Environment variable for <see cref="Token"/>.</summary>
    public const string TokenVariable = "TARGET_PROFILE_TOKEN";

    /// <summary>Environment variable for <see cref="TokenExpiresAt"/>, of the token that <see cref="TokenVariable"/> holds.</summary>
    public const string TokenExpiresAtVariable = "TARGET_PROFILE_TOKEN_EXPIRES_AT";

    /// <summary>Environment variable for <see cref="Endpoint"/>.</summary>
    public const string EndpointVariable = "TARGET_ENDPOINT";

    /// <summary>
    /// Environment variable for the folder in which processes of this user tell each other of their calls; by default
    /// TargetProfiles in the user's local application data.
    /// </summary>
    public const string StateFolderVariable = "TARGET_STATE_FOLDER";

    /// <summary>The account's client code: Administration, Implementation in Target.</summary>
    public string? ClientCode { get; init; }

    /// <summary>Address of the service, with or without https:// in front; null means Adobe's, <c>https://CLIENTCODE.tt.omtrdc.net</c>.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The profile authentication token; null where the account does not require one.</summary>
    public string? Token { get; init; }

    /// <summary>When the token expires, if that is known; there is a warning in the last days before.</summary>
    public DateTime? TokenExpiresAt { get; init; }

    /// <summary>Version of the bulk API where a command does not say.</summary>
    public ProfileApiVersion ApiVersion { get; init; } = ProfileApiVersion.V2;

    /// <summary>Proxy to use; null means the system's.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>Credentials for the proxy.</summary>
    public ICredentials? ProxyCredential { get; init; }

    /// <summary>Use the signed-in user's credentials for the proxy.</summary>
    public bool ProxyUseDefaultCredentials { get; init; }

    /// <summary>Connect directly, whatever the system says.</summary>
    public bool NoProxy { get; init; }

    /// <summary>Times a call is repeated after the first try; 0 to 100.</summary>
    public int MaximumRetryCount { get; init; } = 3;

    /// <summary>Bulk and status calls a minute; 0 means no limit. The service allows the whole account 50 (fact 2.5).</summary>
    public int CallsPerMinute { get; init; } = 35;

    /// <summary>Time to establish a connection.</summary>
    public TimeSpan ConnectionTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time without any progress, after which a call is given up.</summary>
    public TimeSpan OperationTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Time for the reply to a whole batch body.</summary>
    public TimeSpan BatchReplyTimeout { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>Time to wait for leave to send a large body, after which it is sent all the same. .NET Framework has a time of its own.</summary>
    internal TimeSpan ExpectContinueTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Extra trust for a server certificate, for tests against a self-signed one.</summary>
    internal Func<X509Certificate2, bool>? TrustCertificate { get; init; }

    /// <summary>Delays between tries; tests shorten them.</summary>
    internal RetryDelays RetryDelays { get; init; } = new();
}
