using System.Management.Automation;

namespace TargetProfiles.PowerShell.Commands;

/// <summary>A cmdlet that calls the service.</summary>
public abstract class ConnectedCommand : TargetCommand
{
    /// <summary>The connection to use; by default the one that Connect-TargetService made in this runspace.</summary>
    [Parameter]
    [ValidateNotNull]
    public TargetConnection? Connection { get; set; }

    /// <summary>The connection, or a terminating error that says how to get one.</summary>
    protected TargetConnection RequireConnection() => RequireConnection(Connection);
}
