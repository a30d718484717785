using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace TargetProfiles.Contenders;

/// <summary>Tables of medians and ratios, on standard output and, if asked for, at the end of a file.</summary>
internal sealed class Report(string? path)
{
    public void Begin() => Write($"\n## {DateTime.UtcNow:yyyy-MM-dd}, commit {Commit()}\n\n{Machine()}\n");

    public void Add(Contest contest, IReadOnlyList<(Contender Contender, IReadOnlyList<Measurement> Runs)> results)
    {
        var baseline = results[0].Runs.Count == 0 ? TimeSpan.Zero : Median(results[0].Runs, run => run.Wall.TotalSeconds);
        Write($"\n### {contest.Title}\n\n| Contender | Wall s | of curl | CPU s | Peak MB | Runs |\n|---|---:|---:|---:|---:|---:|");
        foreach (var (contender, runs) in results)
        {
            if (runs.Count == 0)
            {
                Write($"| {Cell(contender.Name)} | not installed | | | | |");
                continue;
            }

            var wall = Median(runs, run => run.Wall.TotalSeconds);
            var peak = runs.Max(run => run.PeakBytes);
            Write(string.Create(
                CultureInfo.InvariantCulture,
                $"| {Cell(contender.Name)} | {wall.TotalSeconds:F3} | {(baseline == TimeSpan.Zero ? "" : $"{wall / baseline:F2}")} | {Median(runs, run => run.Cpu.TotalSeconds).TotalSeconds:F2} | {(peak == 0 ? "" : $"{peak / 1e6:F0}")} | {runs.Count} |"));
        }
    }

    public void Add(IReadOnlyList<(TimeSpan FirstRequest, TimeSpan Whole)> resumed) => Write(string.Create(
        CultureInfo.InvariantCulture,
        $"\nKilled at nine tenths, the same command again: first request after {Median(resumed.Select(run => run.FirstRequest.TotalSeconds)).TotalSeconds:F2} s, complete after {Median(resumed.Select(run => run.Whole.TotalSeconds)).TotalSeconds:F2} s ({resumed.Count} runs)."));

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static TimeSpan Median(IEnumerable<Measurement> runs, Func<Measurement, double> seconds) => Median(runs.Select(seconds));

    private static TimeSpan Median(IEnumerable<double> seconds)
    {
        var sorted = seconds.Order().ToList();
        return TimeSpan.FromSeconds((sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2);
    }

    private static string Machine()
    {
        var model = File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() : null;
        return $"{Environment.ProcessorCount} cores{(model is null ? "" : $" of {model}")}, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSArchitecture}. Each line is the median of its runs.";
    }

    private static string Commit()
    {
        using var git = Process.Start(new ProcessStartInfo("git", "rev-parse --short HEAD") { RedirectStandardOutput = true })!;
        return git.StandardOutput.ReadToEnd().Trim();
    }

    private void Write(string text)
    {
        Console.WriteLine(text);
        if (path is not null)
            File.AppendAllText(path, text + "\n");
    }
}
