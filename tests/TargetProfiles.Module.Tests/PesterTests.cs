using System.ComponentModel;
using System.Diagnostics;
using Xunit;

namespace TargetProfiles.Module.Tests;

/// <summary>The cmdlets in a real PowerShell, a process for each file of tests; skipped where there is no PowerShell.</summary>
public sealed class PesterTests
{
    private const int PesterIsMissing = 77;

    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "tests", "Module"), "*.Tests.ps1").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public async Task Passes(string file)
    {
        var folder = Path.Combine(Repository.Root, "tests", "Module");
        var start = new ProcessStartInfo("pwsh", ["-NoProfile", "-NonInteractive", "-File", Path.Combine(folder, "Invoke-ModuleTests.ps1"), "-Path", Path.Combine(folder, file)])
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
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(4));
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
