using TargetProfiles.Emulator;

namespace TargetProfiles.Cli.Tests;

/// <summary>The command as a process: signals, and the emulator as a server.</summary>
public sealed class ProcessTests : Sending
{
    [SkippableFact]
    public async Task An_interrupted_upload_ends_with_the_accounting()
    {
        Skip.If(OperatingSystem.IsWindows(), "Signals are sent with kill.");
        Emulator.Faults.Add(new WireFault { Kind = FaultKind.StallAfterBytes, On = FaultTarget.Submit, SkipFirst = 1, Times = 0 });
        using var command = CommandLine.Start(["send", Path.Combine(CommandLine.Samples, "loyalty-members.csv"), "--verbose", "--max-batch-rows", "1000", "--throttle-limit", "1", .. Connection]);
        await command.ErrorSaysAsync("Batch 2: 1,000 rows");

        command.Signal("INT");
        var result = await command.EndAsync();

        Assert.Equal((130, ""), (result.ExitCode, result.Output));
        Assert.Contains("error: Interrupted.", result.Error, StringComparison.Ordinal);
        Assert.Matches(@"Balanced: [0-9,]+ read = 1,000 accepted \+ [0-9,]+ (not sent|uncertain)", result.Error);
        Assert.Contains("Accepted: acme-", result.Error, StringComparison.Ordinal);
        Assert.Equal(1000, ProfileCount());
    }

    [SkippableFact]
    public async Task Waiting_for_standard_input_can_be_interrupted()
    {
        Skip.If(OperatingSystem.IsWindows(), "Signals are sent with kill.");
        using var command = CommandLine.Start(["send", "-", "--emulator"]);
        await command.ErrorSaysAsync("Emulator of");

        command.Signal("TERM");

        Assert.Equal(130, (await command.EndAsync()).ExitCode);
    }

    [SkippableFact]
    public async Task A_pipe_that_nobody_writes_to_can_be_interrupted()
    {
        Skip.If(OperatingSystem.IsWindows(), "Named pipes in the file system are made with mkfifo.");
        var pipe = Path.Combine(Folder, "pipe.csv");
        using (var make = System.Diagnostics.Process.Start("mkfifo", [pipe]))
            await make.WaitForExitAsync();
        using var command = CommandLine.Start(["send", pipe, "--emulator"]);
        await command.ErrorSaysAsync("Emulator of");

        command.Signal("INT");

        Assert.Equal(130, (await command.EndAsync()).ExitCode);
    }

    [SkippableFact]
    public async Task The_emulator_prints_its_endpoint_and_serves_until_stopped()
    {
        Skip.If(OperatingSystem.IsWindows(), "Signals are sent with kill.");
        var token = File("token.txt", CommandLine.Token);
        using var emulator = CommandLine.Start("emulator", "--client-code", "shop", "--processing-delay", "0", "--throttle-enabled", "false", "--token-file", token);
        var endpoint = await emulator.ReadLineAsync();
        Assert.True(Uri.TryCreate(endpoint, UriKind.Absolute, out var address) && address.IsLoopback, endpoint);

        string[] connection = ["--client-code", "shop", "--endpoint", endpoint!, "--token-file", token];
        var sent = await CommandLine.RunAsync(["send", File("a.csv", "thirdPartyId,city\nm1,Köln\n"), "--wait", .. connection]);
        var fetched = await CommandLine.RunAsync(["get", "m1", .. connection]);
        emulator.Signal("TERM");
        var stopped = await emulator.EndAsync();

        Assert.Equal((0, 0, 0), (sent.ExitCode, fetched.ExitCode, stopped.ExitCode));
        Assert.Equal("", stopped.Output);
    }

    [Fact]
    public async Task Help_tells_what_each_emulator_option_does()
    {
        var result = await CommandLine.RunAsync("emulator", "--help");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("Answer 503 beyond --calls-per-minute.", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_emulator_option_that_cannot_be_used_is_usage()
    {
        var result = await CommandLine.RunAsync("emulator", "--processing-delay", "soon");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--processing-delay takes SECONDS", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_is_usage()
    {
        var result = await CommandLine.RunAsync("emulator", "--port", Emulator.Port.ToString(System.Globalization.CultureInfo.InvariantCulture));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("taken", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(300L << 20, "1")]
    [InlineData(2L << 30, "2")]
    public async Task Fewer_batches_are_sent_at_a_time_where_little_memory_may_be_used(long heapBytes, string expected)
    {
        var help = await CommandLine.RunAsync(["send", "--help"], [], heapBytes: heapBytes);
        Assert.Matches($@"--throttle-limit <N>\s+Batches sent at a time, 1 to 16\. \[default: {expected}\]", help.Output);
    }
}
