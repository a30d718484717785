using System.ComponentModel;
using System.Diagnostics;
using Xunit;

namespace TargetProfiles.Module.Tests;

/// <summary>A file of Pester tests, run in a PowerShell of its own.</summary>
internal static class PesterFile
{
    private const int PesterIsMissing = 77;

    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Module");

    public static IEnumerable<string> All => Directory.GetFiles(Folder, "*.Tests.ps1").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    public static async Task RunAsync(string file)
    {
        var start = new ProcessStartInfo("pwsh", ["-NoProfile", "-NonInteractive", "-File", Path.Combine(Folder, "Invoke-ModuleTests.ps1"), "-Path", Path.Combine(Folder, file)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["NO_COLOR"] = "1";
        using var process = Start(start);
        Skip.If(process is null, "There is no pwsh on PATH, so the cmdlets were not tried in a real PowerShell.");
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

        var said = $"{await output}\n{await errors}";
        Skip.If(process.ExitCode == PesterIsMissing, "Pester 5 is not installed, so the cmdlets were not tried in a real PowerShell.");
        Assert.True(process.ExitCode == 0, said);
    }

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
