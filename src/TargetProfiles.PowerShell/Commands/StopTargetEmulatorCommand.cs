using System.Management.Automation;
using TargetProfiles.Emulator;

namespace TargetProfiles.PowerShell.Commands;

/// <summary>Stops emulators; what they hold is gone.</summary>
[Cmdlet(VerbsLifecycle.Stop, "TargetEmulator", HelpUri = "https://github.com/targetprofiles/TargetProfiles/blob/main/docs/en-US/Stop-TargetEmulator.md")]
[OutputType(typeof(void))]
public sealed class StopTargetEmulatorCommand : TargetCommand
{
    /// <summary>Emulators to stop; by default all of this process.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public TargetEmulator[]? InputObject { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var emulator in InputObject ?? [.. TargetEmulator.Running])
        {
            emulator.Stop();
            WriteVerbose($"Stopped the emulator at {emulator.Endpoint}.");
        }
    }
}
