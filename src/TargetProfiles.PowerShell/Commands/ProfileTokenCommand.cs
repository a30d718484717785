using System.Management.Automation;
using System.Security;
using TargetProfiles.Sending;

namespace TargetProfiles.PowerShell.Commands;

/// <summary>A cmdlet that asks Target's Admin API for the profile authentication token.</summary>
public abstract class ProfileTokenCommand : TargetCommand
{
    /// <summary>The tenant; by default TARGET_TENANT.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Tenant { get; set; }

    /// <summary>The IMS access token; by default TARGET_ACCESS_TOKEN.</summary>
    [Parameter]
    [SecureText(nameof(AccessToken), TargetAdminOptions.AccessTokenVariable)]
    public SecureString? AccessToken { get; set; }

    /// <summary>The API key, which is the client ID of the credential; by default TARGET_API_KEY.</summary>
    [Parameter]
    [SecureText(nameof(ApiKey), TargetAdminOptions.ApiKeyVariable)]
    public SecureString? ApiKey { get; set; }

    /// <summary>Address of the Admin API: an emulator's; by default TARGET_ADMIN_ENDPOINT, then Adobe's.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Endpoint { get; set; }

    /// <summary>Proxy to use; by default the system's.</summary>
    [Parameter]
    public Uri? Proxy { get; set; }

    /// <summary>Credentials for the proxy.</summary>
    [Parameter]
    [Credential]
    public PSCredential? ProxyCredential { get; set; }

    /// <summary>Use the signed-in user's credentials for the proxy.</summary>
    [Parameter]
    public SwitchParameter ProxyUseDefaultCredentials { get; set; }

    /// <summary>Connect directly, whatever the system says.</summary>
    [Parameter]
    public SwitchParameter NoProxy { get; set; }

    /// <summary>Times a call is repeated after the first try.</summary>
    [Parameter]
    [ValidateRange(0, 100)]
    public int MaximumRetryCount { get; set; } = 3;

    /// <summary>Seconds to establish a connection.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int ConnectionTimeoutSec { get; set; } = 30;

    /// <summary>Seconds without any progress, after which a call is given up.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int OperationTimeoutSec { get; set; } = 60;

    /// <inheritdoc/>
    protected override void ProcessRecord() => Guarded(() =>
    {
        using var connection = new TargetAdminConnection(Options());
        if (!MayCall(connection))
            return;
        try
        {
            WriteObject(CallAsync(new AdminCalls(connection), Cancellation).GetAwaiter().GetResult());
        }
        catch (TargetServiceException failure)
        {
            WriteFailure(failure, connection.Tenant);
        }
    });

    /// <summary>True if the call is wanted.</summary>
    private protected abstract bool MayCall(TargetAdminConnection connection);

    /// <summary>Makes the call.</summary>
    private protected abstract Task<TargetProfileToken> CallAsync(AdminCalls calls, CancellationToken cancellation);

    private TargetAdminOptions Options() => new()
    {
        Tenant = Tenant,
        AccessToken = SecureText.Reveal(AccessToken),
        ApiKey = SecureText.Reveal(ApiKey),
        Endpoint = Endpoint,
        Network = new TargetConnectionOptions
        {
            Proxy = Proxy,
            ProxyCredential = ProxyCredential?.GetNetworkCredential(),
            ProxyUseDefaultCredentials = ProxyUseDefaultCredentials,
            NoProxy = NoProxy,
            MaximumRetryCount = MaximumRetryCount,
            ConnectionTimeout = TimeSpan.FromSeconds(ConnectionTimeoutSec),
            OperationTimeout = TimeSpan.FromSeconds(OperationTimeoutSec),
        },
    };
}
