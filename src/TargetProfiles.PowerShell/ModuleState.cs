using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using TargetProfiles.Emulator;

namespace TargetProfiles.PowerShell;

/// <summary>What the module keeps between commands, for each runspace apart, so that runspaces do not disturb each other.</summary>
public static class ModuleState
{
    private static readonly ConditionalWeakTable<Runspace, Slot> Slots = new();

    internal static TargetConnection? Current
    {
        get => Slots.TryGetValue(Runspace.DefaultRunspace, out var slot) ? slot.Connection : null;
        set => Slots.GetOrCreateValue(Runspace.DefaultRunspace).Connection = value;
    }

    /// <summary>Emulators that this runspace started.</summary>
    internal static IList<TargetEmulator> Emulators => Slots.GetOrCreateValue(Runspace.DefaultRunspace).Emulators;

    private sealed class Slot
    {
        public TargetConnection? Connection { get; set; }

        public List<TargetEmulator> Emulators { get; } = [];
    }
}

/// <summary>Ends what the module started, when it is removed.</summary>
public sealed class ModuleCleanup : IModuleAssemblyCleanup
{
    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        foreach (var emulator in ModuleState.Emulators)
            emulator.Stop();
        ModuleState.Emulators.Clear();
        if (ModuleState.Current is not { } connection)
            return;
        ModuleState.Current = null;
        connection.Dispose();
    }
}
