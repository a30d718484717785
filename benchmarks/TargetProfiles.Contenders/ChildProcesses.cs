using System.Runtime.InteropServices;

namespace TargetProfiles.Contenders;

/// <summary>What the processes took that this one started and that have ended.</summary>
internal static class ChildProcesses
{
    private const int Children = -1;

    /// <summary>Time of all processors; zero on Windows, which does not keep it.</summary>
    public static TimeSpan Cpu()
    {
        // Seconds and microseconds of user and of system, then 14 numbers that do not matter here.
        var usage = new long[18];
        if (OperatingSystem.IsWindows() || GetUsage(Children, usage) != 0)
            return TimeSpan.Zero;
        return TimeSpan.FromSeconds(usage[0] + usage[2]) + TimeSpan.FromMicroseconds(usage[1] + usage[3]);
    }

    [DllImport("libc", EntryPoint = "getrusage")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetUsage(int who, [Out] long[] usage);
}
