using System.Diagnostics;
using System.Reflection;
using System.Text;
using System.Text.Json;

namespace TargetProfiles.Cli.Tests;

/// <summary>A finished run of the command.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>Errors and warnings. How far it is, a command tells between them where it takes some seconds.</summary>
    public IEnumerable<string> Complaints => Error.Split('\n').Where(line => line.StartsWith("error: ", StringComparison.Ordinal) || line.StartsWith("warning: ", StringComparison.Ordinal));

    public JsonElement Json() => JsonDocument.Parse(Output).RootElement;
}

/// <summary>Runs the real command in a process of its own, free of the surrounding environment's settings.</summary>
internal sealed class CommandLine : IDisposable
{
    public const string Token = "5f0f3c6e-0000-4d3b-9d58-0a3c1f2b7e11";

    /// <summary>Long enough for a busy machine; only a hang gets there.</summary>
    public static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly StringBuilder _error = new();
    private readonly TaskCompletionSource _errorEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(string Text, TaskCompletionSource Seen)> _awaited = [];

    private CommandLine(IEnumerable<string> arguments, string? token, long? heapBytes = null)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.ArgumentList.Add(Path);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("TARGET_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        if (token is not null)
            start.Environment["TARGET_PROFILE_TOKEN"] = token;
        if (heapBytes is not null)
            start.Environment["DOTNET_GCHeapHardLimit"] = heapBytes.Value.ToString("X", System.Globalization.CultureInfo.InvariantCulture);
        _process = Process.Start(start)!;
        _ = ReadErrorsAsync();
    }

    public static string Path => Metadata("CommandPath");

    public static string Samples => Metadata("SamplesPath");

    /// <summary>Runs the command to its end.</summary>
    public static Task<CommandResult> RunAsync(params string[] arguments) => RunAsync(arguments, input: []);

    public static async Task<CommandResult> RunAsync(IEnumerable<string> arguments, byte[] input, string? token = null, long? heapBytes = null)
    {
        using var command = new CommandLine(arguments, token, heapBytes);
        await command._process.StandardInput.BaseStream.WriteAsync(input);
        command._process.StandardInput.Close();
        return await command.EndAsync();
    }

    /// <summary>Starts the command with its standard input open.</summary>
    public static CommandLine Start(params string[] arguments) => new(arguments, token: null);

    public Task<string?> ReadLineAsync() => _process.StandardOutput.ReadLineAsync().WaitAsync(LongestRun);

    /// <summary>Waits until standard error has told something.</summary>
    public Task ErrorSaysAsync(string text)
    {
        lock (_error)
        {
            if (_error.ToString().Contains(text, StringComparison.Ordinal))
                return Task.CompletedTask;
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((text, seen));
            return seen.Task.WaitAsync(LongestRun);
        }
    }

    /// <summary>Sends a signal, such as INT.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Writes the whole of standard input.</summary>
    public async Task WriteAsync(byte[] input)
    {
        await _process.StandardInput.BaseStream.WriteAsync(input);
        _process.StandardInput.Close();
    }

    /// <summary>Closes the pipes that the command writes to, as a terminal does that is closed.</summary>
    public void CloseOutputs()
    {
        _process.StandardOutput.Close();
        _process.StandardError.Close();
    }

    /// <summary>Waits for the end of a command whose outputs are closed.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(LongestRun);
        return _process.ExitCode;
    }

    public async Task<CommandResult> EndAsync()
    {
        var output = await _process.StandardOutput.ReadToEndAsync().WaitAsync(LongestRun);
        await _process.WaitForExitAsync().WaitAsync(LongestRun);
        await _errorEnded.Task.WaitAsync(LongestRun);
        return new CommandResult(_process.ExitCode, output, _error.ToString());
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private async Task ReadErrorsAsync()
    {
        try
        {
            while (await _process.StandardError.ReadLineAsync() is string line)
                OnError(line);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The pipe was closed on this side.
        }

        _errorEnded.TrySetResult();
    }

    private void OnError(string line)
    {
        lock (_error)
        {
            _error.AppendLine(line);
            foreach (var (text, seen) in _awaited)
            {
                if (line.Contains(text, StringComparison.Ordinal))
                    seen.TrySetResult();
            }
        }
    }

    private static string Metadata(string key) =>
        System.IO.Path.GetFullPath(typeof(CommandLine).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == key).Value!);
}
