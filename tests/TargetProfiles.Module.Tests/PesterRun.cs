using System.ComponentModel;
using System.Diagnostics;
using Xunit;

namespace TargetProfiles.Module.Tests;

/// <summary>Files of Pester tests, run once and one after the other in one PowerShell: most of a short run is starting.</summary>
public abstract class PesterRun(IEnumerable<string> files)
{
    private const int PesterIsMissing = 77;

    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Module");

    private readonly Lazy<Task<(int ExitCode, string Said)?>> _run = new(() => RunAsync(files));

    internal static IEnumerable<string> AllFiles => Directory.GetFiles(Folder, "*.Tests.ps1").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    /// <summary>Fails with all that the run said if a test of that file failed, or if it was not run to its end.</summary>
    public async Task PassesAsync(string file)
    {
        var run = await _run.Value;
        Skip.If(run is null, "There is no pwsh on PATH, so the cmdlets were not tried in a real PowerShell.");
        Skip.If(run.Value.ExitCode == PesterIsMissing, "Pester 5 is not installed, so the cmdlets were not tried in a real PowerShell.");
        var lines = run.Value.Said.Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        // One that ended badly has failed somewhere; if it does not say where, it was everywhere.
        Assert.True(run.Value.ExitCode == 0 || lines.Exists(line => line.StartsWith("Failed: ", StringComparison.Ordinal)), run.Value.Said);
        Assert.True(lines.Contains($"Passed: {file}"), run.Value.Said);
    }

    private static async Task<(int ExitCode, string Said)?> RunAsync(IEnumerable<string> files)
    {
        var command = $"& {InFolder("Invoke-ModuleTests.ps1")} -Path {string.Join(", ", files.Select(InFolder))}; exit $LASTEXITCODE";
        var start = new ProcessStartInfo("pwsh", ["-NoProfile", "-NonInteractive", "-Command", command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["NO_COLOR"] = "1";
        // It and what it starts are over before what profiling would teach pays for it.
        start.Environment["DOTNET_TieredPGO"] = "0";
        using var process = Start(start);
        if (process is null)
            return null;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        // Only a hang gets there, on a busy machine too.
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(20));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }

        return (process.ExitCode, $"{await output}\n{await errors}");
    }

    private static string InFolder(string file) => $"'{Path.Combine(Folder, file).Replace("'", "''", StringComparison.Ordinal)}'";

    private static Process? Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
