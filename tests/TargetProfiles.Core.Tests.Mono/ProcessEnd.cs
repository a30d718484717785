using System.Runtime.InteropServices;

namespace TargetProfiles.Core.Tests;

/// <summary>
/// Ends the process where mono would shut down first: it aborts its own timer thread then, which now and then dies of that with
/// an unhandled exception, after all tests have passed.
/// </summary>
internal static class ProcessEnd
{
    public static void Now(int exitCode)
    {
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
            Exit(exitCode);
    }

    [DllImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void Exit(int exitCode);
}
