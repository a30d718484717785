using System.Diagnostics;

namespace TargetProfiles.Core.Tests;

internal static class Runtime
{
    extension(GC)
    {
        // Mono does not count what is allocated; limits on it are shown on .NET.
        public static long GetTotalAllocatedBytes() => 0;

        public static long GetAllocatedBytesForCurrentThread() => 0;
    }

    extension(Process)
    {
        public static Process Start(string program, IEnumerable<string> arguments) => Process.Start(program, string.Join(" ", arguments));
    }

    public static Task WaitForExitAsync(this Process process) => Task.Run(process.WaitForExit);

    public static void AddRange<T>(this List<T> list, ReadOnlySpan<T> items) => list.AddRange((IEnumerable<T>)items.ToArray());
}
