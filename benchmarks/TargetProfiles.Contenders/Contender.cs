using System.Diagnostics;
using System.Globalization;

namespace TargetProfiles.Contenders;

/// <summary>A way to send the rows.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Program">What is started.</param>
/// <param name="Arguments">With which arguments.</param>
/// <param name="TellsTime">True if the last line of its output is the milliseconds that count, false for the whole process.</param>
/// <param name="Sends">False for one that only reads.</param>
internal sealed record Contender(string Name, string Program, string[] Arguments, bool TellsTime = false, bool Sends = true)
{
    public bool IsInstalled => File.Exists(Program) || (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, Program)) || File.Exists(Path.Combine(folder, $"{Program}.exe")));

    /// <summary>Runs it once.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public Measurement Run(string folder)
    {
        var start = new ProcessStartInfo(Program) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        foreach (var argument in Arguments)
            start.ArgumentList.Add(argument);
        start.Environment["NO_COLOR"] = "1";
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        foreach (var left in Directory.GetFiles(folder, "left-*"))
            File.Delete(left);
        var before = ChildProcesses.Cpu();
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        long peak = 0;
        while (!process.WaitForExit(5))
            peak = Math.Max(peak, PeakOf(process.Id));
        var wall = clock.Elapsed;
        var told = output.GetAwaiter().GetResult();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{Name} failed with {process.ExitCode}: {errors.GetAwaiter().GetResult()}");
        if (TellsTime)
            wall = TimeSpan.FromMilliseconds(double.Parse(told.Trim().Split('\n')[^1], CultureInfo.InvariantCulture));
        return new Measurement(wall, ChildProcesses.Cpu() - before, peak);
    }

    private static long PeakOf(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No such file system, or the process is gone.
            return 0;
        }
    }
}

/// <param name="Wall">Time that passed.</param>
/// <param name="Cpu">Time of all processors.</param>
/// <param name="PeakBytes">Memory at most; 0 where it cannot be told.</param>
internal sealed record Measurement(TimeSpan Wall, TimeSpan Cpu, long PeakBytes);
