using System.Reflection;
using TargetProfiles.Emulator;

namespace TargetProfiles.Core.Tests;

/// <summary>.NET Framework takes an assembly at the very version that is asked for, and PowerShell has no binding redirects for ours.</summary>
public sealed class LoadedAssemblyTests
{
    [Fact]
    public void What_core_and_the_emulator_ask_for_is_loaded_at_that_version()
    {
        var folder = AppDomain.CurrentDomain.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        var loaded = new Dictionary<string, string>();
        var asking = new Queue<Assembly>([typeof(TargetConnection).Assembly, typeof(TargetEmulator).Assembly]);
        while (asking.Count > 0)
        {
            foreach (var wanted in asking.Dequeue().GetReferencedAssemblies())
            {
                var given = Assembly.Load(wanted);
                if (Path.GetDirectoryName(given.Location) != folder)
                    continue;
                Assert.Equal(wanted.FullName, given.FullName);
                if (loaded.TryAdd(wanted.FullName, given.Location))
                    asking.Enqueue(given);
            }
        }

        foreach (var name in new[] { "System.Text.Json,", "System.Memory,", "System.Buffers,", "System.Runtime.CompilerServices.Unsafe," })
            Assert.Contains(loaded.Keys, key => key.StartsWith(name, StringComparison.Ordinal));
    }
}
