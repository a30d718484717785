namespace TargetProfiles;

/// <summary>What the Admin API needs to know. Gaps are filled from the environment.</summary>
public sealed class TargetAdminOptions
{
    /// <summary>Environment variable for <see cref="Tenant"/>.</summary>
    public const string TenantVariable = "TARGET_TENANT";

    /// <summary>Environment variable for <see cref="AccessToken"/>.</summary>
    public const string AccessTokenVariable = "TARGET_ACCESS_TOKEN";

    /// <summary>Environment variable for <see cref="ApiKey"/>.</summary>
    public const string ApiKeyVariable = "TARGET_API_KEY";

    /// <summary>Environment variable for <see cref="Endpoint"/>.</summary>
    public const string EndpointVariable = "TARGET_ADMIN_ENDPOINT";

    /// <summary>The tenant: what stands behind the @ in the address of Adobe Experience Cloud.</summary>
    public string? Tenant { get; init; }

    /// <summary>The IMS access token.</summary>
    public string? AccessToken { get; init; }

    /// <summary>The API key: the client ID of the credential that the access token is for.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Address of the Admin API; null means Adobe's, <c>https://mc.adobe.io</c>. Any other must be on this machine.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Proxy, timeouts and retries; nothing else of it is used.</summary>
    public TargetConnectionOptions Network { get; init; } = new();
}
