using System.Management.Automation;
using TargetProfiles.Emulator;

namespace TargetProfiles.PowerShell.Commands;

/// <summary>Writes the emulators that run in this process.</summary>
[Cmdlet(VerbsCommon.Get, "TargetEmulator", HelpUri = "https://github.com/targetprofiles/TargetProfiles/blob/main/docs/en-US/Get-TargetEmulator.md")]
[OutputType(typeof(TargetEmulator))]
public sealed class GetTargetEmulatorCommand : TargetCommand
{
    /// <inheritdoc/>
    protected override void ProcessRecord() => WriteObject(TargetEmulator.Running, enumerateCollection: true);
}
