using System.Management.Automation;
using TargetProfiles.Sending;

namespace TargetProfiles.PowerShell.Commands;

/// <summary>Makes a new profile authentication token. The one before is revoked at once, wherever it is in use.</summary>
[Cmdlet(VerbsCommon.New, "TargetProfileToken", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, HelpUri = "https://github.com/targetprofiles/TargetProfiles/blob/main/docs/en-US/New-TargetProfileToken.md")]
[OutputType(typeof(TargetProfileToken))]
public sealed class NewTargetProfileTokenCommand : ProfileTokenCommand
{
    private protected override bool MayCall(TargetAdminConnection connection) =>
        ShouldProcess(connection.ToString(), "Make a new profile authentication token, and revoke the one in use");

    private protected override Task<TargetProfileToken> CallAsync(AdminCalls calls, CancellationToken cancellation) => calls.NewProfileTokenAsync(cancellation);
}
