using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Xunit.Abstractions;

namespace TargetProfiles.Core.Tests;

/// <summary>
/// The staged Core and emulator, and all that is staged beside them, on mono, whose HttpWebRequest, streams and encodings are
/// much as .NET Framework's; skipped where there is none.
/// </summary>
public sealed class MonoTests(ITestOutputHelper output) : IDisposable
{
    // What takes long, and what waits for time. TARGET_PROOF_MONO=all runs them too.
    private static readonly string[] Long =
    [
        "BatchFileTests", "BatchStatusPoller", "CrashPoint", "CsvDialect", "CsvScan", "DifferentialFuzz", "drips", "Endless", "FaultedCall", "FaultMatrix", "FullDisk", "HostileServer",
        "Interruptible", "Long_text", "Many_updates", "MergedFile", "Million_", "RecordTests", "RowsTogether", "SeenIds", "SharedCalls", "SkipFooter", "stalls_midway",
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mono");

    [SkippableFact]
    public async Task Tests_of_core_pass_on_mono_with_the_staged_assemblies()
    {
        var all = Environment.GetEnvironmentVariable("TARGET_PROOF_MONO") == "all";
        Copy(Metadata("StagedAssemblies"));
        Copy(Metadata("MonoTests"));
        var start = new ProcessStartInfo("mono", ["TargetProfiles.Core.Tests.Mono.dll", .. all ? [] : Long.Select(name => $"-{name}")])
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TARGET_TEST_CERTIFICATE"] = WriteCertificate();
        using var process = Start(start);
        Skip.If(process is null, "There is no mono on PATH, so nothing was tried on a runtime like .NET Framework.");
        var told = process.StandardOutput.ReadToEndAsync();
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

        var said = $"{await told}\n{await errors}";
        output.WriteLine(said);
        Assert.True(process.ExitCode == 0, said);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    // What is there already stays: the staged assemblies come first.
    private void Copy(string from)
    {
        foreach (var path in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(_folder.FullName, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            if (!File.Exists(copy))
                File.Copy(path, copy);
        }
    }

    private string WriteCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var path = Path.Combine(_folder.FullName, "emulator.pfx");
        File.WriteAllBytes(path, made.ExportPkcs12(Pkcs12ExportPbeParameters.Pkcs12TripleDesSha1, ""));
        return path;
    }

    private static string Metadata(string key) => typeof(MonoTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == key).Value!;

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
