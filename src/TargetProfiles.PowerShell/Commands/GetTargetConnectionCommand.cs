using System.Management.Automation;

namespace TargetProfiles.PowerShell.Commands;

/// <summary>Writes the current connection of this runspace, if there is one.</summary>
[Cmdlet(VerbsCommon.Get, "TargetConnection", HelpUri = "https://github.com/targetprofiles/TargetProfiles/blob/main/docs/en-US/Get-TargetConnection.md")]
[OutputType(typeof(TargetConnection))]
public sealed class GetTargetConnectionCommand : TargetCommand
{
    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ModuleState.Current is { } connection)
            WriteObject(connection);
    }
}
