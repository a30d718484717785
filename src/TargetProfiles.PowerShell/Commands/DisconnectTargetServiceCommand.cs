using System.Management.Automation;

namespace TargetProfiles.PowerShell.Commands;

/// <summary>Forgets the current connection and its token.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "TargetService", HelpUri = "https://github.com/targetprofiles/TargetProfiles/blob/main/docs/en-US/Disconnect-TargetService.md")]
[OutputType(typeof(void))]
public sealed class DisconnectTargetServiceCommand : TargetCommand
{
    /// <summary>The connection to close; by default the current one.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public TargetConnection? Connection { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var connection = Connection ?? ModuleState.Current;
        if (connection is null)
            return;
        if (ReferenceEquals(connection, ModuleState.Current))
            ModuleState.Current = null;
        connection.Dispose();
        WriteVerbose($"Disconnected from {connection}.");
    }
}
