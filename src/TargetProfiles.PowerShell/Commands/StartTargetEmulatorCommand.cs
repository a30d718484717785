using System.Management.Automation;
using System.Security;
using TargetProfiles.Emulator;

namespace TargetProfiles.PowerShell.Commands;

/// <summary>Starts a local stand-in for Target's Profile APIs. It listens on this machine only, and ends with the session.</summary>
[Cmdlet(VerbsLifecycle.Start, "TargetEmulator", HelpUri = "https://github.com/targetprofiles/TargetProfiles/blob/main/docs/en-US/Start-TargetEmulator.md")]
[OutputType(typeof(TargetEmulator))]
public sealed class StartTargetEmulatorCommand : TargetCommand
{
    /// <summary>Client code that the emulator knows.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string ClientCode { get; set; } = "acme";

    /// <summary>Port; 0 takes a free one.</summary>
    [Parameter]
    [ValidateRange(0, 65_535)]
    public int Port { get; set; }

    /// <summary>Port that statuses are asked for at; 0 takes a free one.</summary>
    [Parameter]
    [ValidateRange(0, 65_535)]
    public int StatusPort { get; set; }

    /// <summary>Token that calls must carry; without it, none is required.</summary>
    [Parameter]
    [SecureText(nameof(Token), TargetConnectionOptions.TokenVariable)]
    public SecureString? Token { get; set; }

    /// <summary>How long the token is valid.</summary>
    [Parameter]
    public TimeSpan TokenLifetime { get; set; } = new EmulatorOptions().TokenLifetime;

    /// <summary>IMS access token that the Admin API takes; without it, any.</summary>
    [Parameter]
    [SecureText(nameof(AccessToken), TargetAdminOptions.AccessTokenVariable)]
    public SecureString? AccessToken { get; set; }

    /// <summary>API key that the Admin API takes; without it, any.</summary>
    [Parameter]
    [SecureText(nameof(ApiKey), TargetAdminOptions.ApiKeyVariable)]
    public SecureString? ApiKey { get; set; }

    /// <summary>Serve https, with a certificate of the emulator's own that nobody trusts.</summary>
    [Parameter]
    public SwitchParameter UseTls { get; set; }

    /// <summary>Do not limit the calls a minute.</summary>
    [Parameter]
    public SwitchParameter NoThrottle { get; set; }

    /// <summary>Bulk calls a minute before 503.</summary>
    [Parameter]
    [ValidateRange(1, 1_000_000)]
    public int CallsPerMinute { get; set; } = 50;

    /// <summary>Seconds in the Retry-After of a 503; without it, there is none.</summary>
    [Parameter]
    [ValidateRange(0, 86_400)]
    public int? RetryAfterSec { get; set; }

    /// <summary>Count status calls too.</summary>
    [Parameter]
    public SwitchParameter ThrottleStatusCalls { get; set; }

    /// <summary>How long a batch is incomplete.</summary>
    [Parameter]
    public TimeSpan ProcessingDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Order in which waiting batches are processed.</summary>
    [Parameter]
    public ProcessingOrder ProcessingOrder { get; set; }

    /// <summary>Every batch gets stuck.</summary>
    [Parameter]
    public SwitchParameter ForceStuck { get; set; }

    /// <summary>Share of rows that get lost, 0 to 1.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double LossRate { get; set; }

    /// <summary>Seed for what is random.</summary>
    [Parameter]
    public int Seed { get; set; } = 1;

    /// <summary>How long a changed profile cannot be fetched.</summary>
    [Parameter]
    public TimeSpan FetchLag { get; set; }

    /// <summary>Decode the whole batch before splitting it at commas.</summary>
    [Parameter]
    public SwitchParameter DecodeBeforeSplit { get; set; }

    /// <summary>What a second v2 batch does to what the first one left pending.</summary>
    [Parameter]
    public V2OverrideMode OverrideMode { get; set; }

    /// <summary>Statuses kept; without it, all.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? StatusRetentionCount { get; set; }

    /// <summary>How long statuses are kept; without it, for ever.</summary>
    [Parameter]
    public TimeSpan? StatusRetentionTime { get; set; }

    /// <summary>List failed rows in detailed statuses.</summary>
    [Parameter]
    public SwitchParameter ListFailedProfiles { get; set; }

    /// <summary>List all rows in detailed statuses.</summary>
    [Parameter]
    public SwitchParameter ListAllProfiles { get; set; }

    /// <summary>Write the status address with a raw ampersand, as older versions of the service did.</summary>
    [Parameter]
    public SwitchParameter RawAmpersandInStatusUrl { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Guarded(() =>
    {
        var emulator = TargetEmulator.Start(Options());
        ModuleState.Emulators.Add(emulator);
        WriteObject(emulator);
    });

    private EmulatorOptions Options() => new()
    {
        ClientCode = ClientCode,
        Port = Port,
        StatusPort = StatusPort,
        Token = SecureText.Reveal(Token),
        TokenLifetime = TokenLifetime,
        AccessToken = SecureText.Reveal(AccessToken),
        ApiKey = SecureText.Reveal(ApiKey),
        UseTls = UseTls,
        ThrottleEnabled = !NoThrottle,
        CallsPerMinute = CallsPerMinute,
        RetryAfterSeconds = RetryAfterSec,
        ThrottleStatusCalls = ThrottleStatusCalls,
        ProcessingDelay = ProcessingDelay,
        ProcessingOrder = ProcessingOrder,
        ForceStuck = ForceStuck,
        LossRate = LossRate,
        Seed = Seed,
        FetchLag = FetchLag,
        DecodeBeforeSplit = DecodeBeforeSplit,
        OverrideMode = OverrideMode,
        StatusRetentionCount = StatusRetentionCount,
        StatusRetentionTime = StatusRetentionTime,
        ListFailedProfiles = ListFailedProfiles,
        ListAllProfiles = ListAllProfiles,
        RawAmpersandInStatusUrl = RawAmpersandInStatusUrl,
    };
}
