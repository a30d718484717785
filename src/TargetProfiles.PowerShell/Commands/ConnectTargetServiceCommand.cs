using System.Management.Automation;
using System.Security;

namespace TargetProfiles.PowerShell.Commands;

/// <summary>Makes a connection the current one of this runspace. Calls nothing yet.</summary>
[Cmdlet(VerbsCommunications.Connect, "TargetService", DefaultParameterSetName = TokenSet, HelpUri = "https://github.com/targetprofiles/TargetProfiles/blob/main/docs/en-US/Connect-TargetService.md")]
[OutputType(typeof(TargetConnection))]
public sealed class ConnectTargetServiceCommand : TargetCommand
{
    private const string TokenSet = "Token";
    private const string CredentialSet = "Credential";
    private const string ProfileTokenSet = "ProfileToken";

    /// <summary>The account's client code; by default TARGET_CLIENT_CODE.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? ClientCode { get; set; }

    /// <summary>Host or address of the service; by default TARGET_ENDPOINT, then Adobe's.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Endpoint { get; set; }

    /// <summary>The profile authentication token; by default TARGET_PROFILE_TOKEN.</summary>
    [Parameter(ParameterSetName = TokenSet)]
    [SecureText(nameof(Token), TargetConnectionOptions.TokenVariable)]
    public SecureString? Token { get; set; }

    /// <summary>User name: the client code. Password: the token.</summary>
    [Parameter(ParameterSetName = CredentialSet, Mandatory = true)]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>The token as Get-TargetProfileToken or New-TargetProfileToken writes it.</summary>
    [Parameter(ParameterSetName = ProfileTokenSet, Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public TargetProfileToken? ProfileToken { get; set; }

    /// <summary>When the token expires; there is a warning in the last seven days.</summary>
    [Parameter(ParameterSetName = TokenSet)]
    [Parameter(ParameterSetName = CredentialSet)]
    public DateTime? TokenExpiresAt { get; set; }

    /// <summary>Version of the bulk API where a command does not say; V2 creates profiles, V1 only updates.</summary>
    [Parameter]
    public ProfileApiVersion ApiVersion { get; set; } = ProfileApiVersion.V2;

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

    /// <summary>Bulk and status calls a minute; 0 means no limit. Target allows the whole account 50.</summary>
    [Parameter]
    [ValidateRange(0, 100_000)]
    public int CallsPerMinute { get; set; } = 35;

    /// <summary>Seconds to establish a connection.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int ConnectionTimeoutSec { get; set; } = 30;

    /// <summary>Seconds without any progress, after which a call is given up.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int OperationTimeoutSec { get; set; } = 60;

    /// <summary>Write the connection to the pipeline.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Guarded(() =>
    {
        var options = new TargetConnectionOptions
        {
            ClientCode = ClientCode ?? Credential?.UserName,
            Endpoint = Endpoint,
            Token = SecureText.Reveal(ProfileToken?.ToSecureString() ?? Token ?? Credential?.Password),
            TokenExpiresAt = ProfileToken?.ExpiresAt ?? TokenExpiresAt,
            ApiVersion = ApiVersion,
            Proxy = Proxy,
            ProxyCredential = ProxyCredential?.GetNetworkCredential(),
            ProxyUseDefaultCredentials = ProxyUseDefaultCredentials,
            NoProxy = NoProxy,
            MaximumRetryCount = MaximumRetryCount,
            CallsPerMinute = CallsPerMinute,
            ConnectionTimeout = TimeSpan.FromSeconds(ConnectionTimeoutSec),
            OperationTimeout = TimeSpan.FromSeconds(OperationTimeoutSec),
        };
        var connection = new TargetConnection(options);
        ModuleState.Current = connection;
        WriteVerbose($"Connected to {connection}{(connection.HasToken ? ", with a token" : ", without a token")}.");
        if (connection.TokenExpiryWarning(DateTime.UtcNow) is { } warning)
            WriteWarning(warning);
        if (PassThru)
            WriteObject(connection);
    });
}
