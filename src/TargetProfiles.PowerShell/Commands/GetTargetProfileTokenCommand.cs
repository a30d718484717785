using System.Management.Automation;
using TargetProfiles.Sending;

namespace TargetProfiles.PowerShell.Commands;

/// <summary>Fetches the profile authentication token that is valid now. Changes nothing.</summary>
[Cmdlet(VerbsCommon.Get, "TargetProfileToken", HelpUri = "https://github.com/targetprofiles/TargetProfiles/blob/main/docs/en-US/Get-TargetProfileToken.md")]
[OutputType(typeof(TargetProfileToken))]
public sealed class GetTargetProfileTokenCommand : ProfileTokenCommand
{
    private protected override bool MayCall(TargetAdminConnection connection) => true;

    private protected override Task<TargetProfileToken> CallAsync(AdminCalls calls, CancellationToken cancellation) => calls.GetProfileTokenAsync(cancellation);
}
