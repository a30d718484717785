namespace TargetProfiles.Service;

/// <summary>Checks of what a user or the environment gives for the Admin API.</summary>
internal static class AdminSettings
{
    /// <summary>Where Adobe serves the Admin API.</summary>
    public const string AdobeHost = "mc.adobe.io";

    /// <summary>What is shorter is no key, and would hide half of every message that it is to be hidden in.</summary>
    private const int ShortestApiKey = 8;

    public static string Tenant(string? given)
    {
        var tenant = given ?? Environment.GetEnvironmentVariable(TargetAdminOptions.TenantVariable);
        if (string.IsNullOrWhiteSpace(tenant))
        {
            throw new ArgumentException(
                $"There is no tenant. Give it with -Tenant, or set {TargetAdminOptions.TenantVariable}. It stands behind the @ in the address of Adobe Experience Cloud: experience.adobe.com/#/@TENANT.");
        }

        tenant = tenant!.Trim();
        return ConnectionSettings.IsName(tenant)
            ? tenant
            : throw new ArgumentException($"'{ReplyText.Shown(tenant)}' is no tenant: it has letters, digits and hyphens only. It stands behind the @ in the address of Adobe Experience Cloud.");
    }

    public static string AccessToken(string? given) =>
        ConnectionSettings.Secret(given ?? Environment.GetEnvironmentVariable(TargetAdminOptions.AccessTokenVariable), "access token", "Get a new one from Adobe IMS.")
        ?? throw new ArgumentException($"There is no IMS access token. Give it with -AccessToken, or set {TargetAdminOptions.AccessTokenVariable}. about_TargetProfiles_Runbooks shows how to get one.");

    public static string ApiKey(string? given)
    {
        var key = ConnectionSettings.Secret(given ?? Environment.GetEnvironmentVariable(TargetAdminOptions.ApiKeyVariable), "API key", "Copy it again: it is the client ID of the credential in the Adobe Developer Console.")
            ?? throw new ArgumentException($"There is no API key. Give it with -ApiKey, or set {TargetAdminOptions.ApiKeyVariable}. It is the client ID of the credential in the Adobe Developer Console.");
        return key.Length >= ShortestApiKey ? key : throw new ArgumentException("The API key is too short to be one. It is the client ID of the credential in the Adobe Developer Console.");
    }

    /// <summary>Adobe's host by TLS, or an emulator on this machine: an access token opens more than Target, and goes nowhere else.</summary>
    public static Uri Endpoint(string? given)
    {
        var text = given ?? Environment.GetEnvironmentVariable(TargetAdminOptions.EndpointVariable);
        if (string.IsNullOrWhiteSpace(text))
            return new Uri($"https://{AdobeHost}/");
        var endpoint = ConnectionSettings.Address(text!.Trim(), AdobeHost);
        return endpoint.IsLoopback || (endpoint.Scheme == "https" && endpoint.IsDefaultPort && endpoint.Host == AdobeHost)
            ? endpoint
            : throw new ArgumentException($"The access token goes to https://{AdobeHost} or to an emulator on this machine, and not to '{endpoint.GetLeftPart(UriPartial.Authority)}'. Leave -Endpoint away for Adobe's.");
    }
}
