using System.Text;
using TargetProfiles.Emulator;

namespace TargetProfiles.Cli.Tests;

/// <summary>An emulator in this process, files in a folder of their own, and the command sending the one to the other.</summary>
public abstract class Sending : IDisposable
{
    private protected Sending() => Folder = Directory.CreateTempSubdirectory("target-profiles-").FullName;

    private protected string Folder { get; }

    private protected TargetEmulator Emulator { get; } = TargetEmulator.Start(new EmulatorOptions { ThrottleEnabled = false, ProcessingDelay = TimeSpan.Zero });

    private protected string[] Connection => ["--client-code", Emulator.ClientCode, "--endpoint", Endpoint, "--maximum-retry-count", "0", "--calls-per-minute", "0"];

    private protected string Endpoint => Emulator.Endpoint.GetLeftPart(UriPartial.Authority);

    public void Dispose()
    {
        Emulator.Dispose();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    private protected string File(string name, string text, Encoding? encoding = null)
    {
        var path = Path.Combine(Folder, name);
        System.IO.File.WriteAllText(path, text, encoding ?? new UTF8Encoding(false));
        return path;
    }

    private protected Task<CommandResult> SendAsync(params string[] arguments) => CommandLine.RunAsync(["send", .. arguments, .. Connection]);

    /// <summary>Waits until something that another process does has happened.</summary>
    private protected static async Task WaitUntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(CommandLine.LongestRun);
        while (!condition())
            await Task.Delay(20, limit.Token);
    }

    /// <summary>Value of an attribute that arrived, or null.</summary>
    private protected string? Arrived(string id, string attribute)
    {
        Assert.True(Emulator.WaitForIdle(CommandLine.LongestRun));
        return Emulator.FindByThirdPartyId(id)?.Attributes.TryGetValue(attribute, out var value) == true ? value : null;
    }

    private protected int ProfileCount()
    {
        Assert.True(Emulator.WaitForIdle(CommandLine.LongestRun));
        return Emulator.ProfileCount;
    }
}
