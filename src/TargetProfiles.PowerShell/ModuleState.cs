using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using TargetProfiles.Emulator;

namespace TargetProfiles.PowerShell;

/// <summary>What the module keeps between commands: one current connection per runspace, so that runspaces do not disturb each other.</summary>
public static class ModuleState
{
    private static readonly ConditionalWeakTable<Runspace, Slot> Slots = new();

    /// <summary>Version of the assembly that does the work; reading it loads that assembly.</summary>
    public static Version CoreVersion => typeof(TargetConnection).Assembly.GetName().Version!;

    internal static TargetConnection? Current
    {
        get => Slots.TryGetValue(Runspace.DefaultRunspace, out var slot) ? slot.Connection : null;
        set => Slots.GetOrCreateValue(Runspace.DefaultRunspace).Connection = value;
    }

    private sealed class Slot
    {
        public TargetConnection? Connection { get; set; }
    }
}

/// <summary>Ends what the module started, when it is removed.</summary>
public sealed class ModuleCleanup : IModuleAssemblyCleanup
{
    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        foreach (var emulator in TargetEmulator.Running)
            emulator.Stop();
        if (ModuleState.Current is not { } connection)
            return;
        ModuleState.Current = null;
        connection.Dispose();
    }
}
