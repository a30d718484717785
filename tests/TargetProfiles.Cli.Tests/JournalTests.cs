using System.Diagnostics;
using System.Text;
using System.Text.Json;
using TargetProfiles.Emulator;

namespace TargetProfiles.Cli.Tests;

/// <summary>The same command again, in real processes: what was accepted is not sent twice, and the exit codes say what to do.</summary>
public sealed class JournalTests : Sending
{
    private string Journal => Path.Combine(Folder, "run.journal");

    private int Polls => Emulator.Requests.Count(request => request.Target.Contains("batchStatus", StringComparison.Ordinal));

    private int Submits => Emulator.Requests.Count(request => request.Target.Contains("batchUpdate", StringComparison.Ordinal));

    [Fact]
    public async Task A_complete_run_is_success_again_though_rows_were_rejected()
    {
        var rows = File("crm.csv", Numbered(25).Replace("U7,", "bad+7,", StringComparison.Ordinal));
        Assert.Equal(1, (await SendJournaledAsync(rows)).ExitCode);

        var again = await SendJournaledAsync(rows, "--json");

        Assert.Equal(0, again.ExitCode);
        Assert.Contains("add --resend", again.Error, StringComparison.Ordinal);
        var json = again.Json();
        Assert.True(json.GetProperty("sentBefore").GetDateTime() > DateTime.UtcNow.AddMinutes(-5));
        Assert.Equal((24, 0), (json.GetProperty("accounting").GetProperty("accepted").GetInt32(), json.GetProperty("batches").GetArrayLength()));
        Assert.Equal(3, Submits);
        Assert.Equal(1, (await SendJournaledAsync(rows, "--resend")).ExitCode);
        Assert.Equal(6, Submits);
    }

    [Fact]
    public async Task Waiting_again_asks_for_the_batches_of_the_command_before_and_for_none_twice()
    {
        Emulator.Options.ForceStuck = true;
        var rows = File("crm.csv", Numbered(25));
        Assert.Equal(0, (await SendJournaledAsync(rows)).ExitCode);
        Assert.Equal(1, (await SendJournaledAsync(rows, "--wait")).ExitCode);
        var asked = Polls;
        Assert.InRange(asked, 3, 1000);

        var again = await SendJournaledAsync(rows, "--wait", "--json");

        Assert.Equal(1, again.ExitCode);
        Assert.Equal(asked, Polls);
        Assert.Equal(["stuck", "stuck", "stuck"], again.Json().GetProperty("statuses").EnumerateArray().Select(status => status.GetProperty("state").GetString()));
        Assert.Equal(3, Submits);
    }

    [Fact]
    public async Task Rows_of_stuck_batches_are_written_and_sent_again()
    {
        Emulator.Options.StuckBatches = 1;
        var failed = Path.Combine(Folder, "the failed.csv");
        var sent = await SendJournaledAsync(File("crm.csv", Numbered(25)), "--wait", "--json", "--failed-path", failed);

        Assert.Equal(1, sent.ExitCode);
        Assert.Equal((10, 1), (sent.Json().GetProperty("failedRows").GetProperty("rows").GetInt32(), sent.Json().GetProperty("failedRows").GetProperty("batches").GetInt32()));
        Assert.Contains("10 rows of 1 refused, failed or stuck batch stand", sent.Error, StringComparison.Ordinal);
        Assert.Contains($"target-profiles send \"{failed}\"", sent.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await SendAsync(failed, "--wait")).ExitCode);
        Assert.Equal(25, ProfileCount());
    }

    [Fact]
    public async Task Stuck_batches_of_a_journal_are_no_success_the_second_time_either()
    {
        Emulator.Options.StuckBatches = 2;
        await SendJournaledAsync(File("crm.csv", Numbered(25)));
        string[] command = ["status", "--journal-path", Journal, "--wait", .. Connection];
        var first = await CommandLine.RunAsync(command);
        var asked = Polls;

        var again = await CommandLine.RunAsync(command);

        Assert.Equal((1, 1, asked), (first.ExitCode, again.ExitCode, Polls));
        Assert.Equal(2, again.Error.Split("error: ").Length - 1);
        Assert.Contains("stuck", again.Output, StringComparison.Ordinal);
        Assert.Contains("complete", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Statuses_of_a_journal_are_asked_for_once_and_recorded()
    {
        var journal = Path.Combine(Folder, "run.journal");
        Emulator.Options.LossRate = 0.2;
        Emulator.Options.LossInCounts = true;
        await SendJournaledAsync(File("crm.csv", Numbered(25)));
        Assert.True(Emulator.WaitForIdle(CommandLine.LongestRun));
        string[] command = ["status", "--journal-path", journal, .. Connection];

        var lossy = await CommandLine.RunAsync([.. command, "--json"]);
        var again = await CommandLine.RunAsync(command);
        var table = await CommandLine.RunAsync("journal", journal);
        var unclear = await CommandLine.RunAsync("status", "--failed-path", "x.csv");

        var lost = lossy.Json().EnumerateArray().Sum(status => status.GetProperty("lostRows").GetInt32());
        Assert.Equal((1, 25 - ProfileCount()), (lossy.ExitCode, lost));
        Assert.Contains($"{lost} of 25 rows", lossy.Error, StringComparison.Ordinal);
        Assert.Contains("--maximum-loss-rate", lossy.Error, StringComparison.Ordinal);
        Assert.Equal((1, 3), (again.ExitCode, Polls));
        Assert.Contains($"{lost} of 25 rows", again.Error, StringComparison.Ordinal);
        Assert.Contains("complete", table.Output, StringComparison.Ordinal);
        Assert.Equal(2, unclear.ExitCode);
        Assert.Contains("--journal-path", unclear.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_file_after_a_complete_run_is_a_new_run()
    {
        await SendJournaledAsync(File("crm.csv", Numbered(5)));
        var changed = await SendJournaledAsync(File("crm.csv", Numbered(6)));

        Assert.Equal(0, changed.ExitCode);
        Assert.Equal("6", Arrived("U6", "a"));
        Assert.True(System.IO.File.Exists(Path.Combine(Folder, "run.2.journal")));
    }

    [SkippableTheory]
    [InlineData("INT")]
    [InlineData("HUP")]
    [InlineData("KILL")]
    public async Task What_a_signal_ended_is_completed_by_the_same_command(string signal)
    {
        Skip.If(OperatingSystem.IsWindows(), "Signals are sent with kill.");
        var rows = File("crm.csv", Numbered(55));
        Hang(after: 2);
        using (var command = CommandLine.Start(Command(rows)))
        {
            await command.ErrorSaysAsync("Batch 2: 10 rows");
            await HungAsync();
            command.Signal(signal);
            var ended = await command.EndAsync();
            Assert.Equal(signal == "KILL" ? 137 : 130, ended.ExitCode);
            if (signal != "KILL")
                Assert.Contains("The same command goes on where this one ended.", ended.Error, StringComparison.Ordinal);
        }

        await CompletesAsync(rows);
    }

    [SkippableFact]
    public async Task A_run_whose_terminal_is_gone_leaves_a_journal_that_the_same_command_completes()
    {
        Skip.If(OperatingSystem.IsWindows(), "Signals are sent with kill.");
        var rows = File("crm.csv", Numbered(55));
        Hang(after: 2);
        using (var command = CommandLine.Start(Command(rows)))
        {
            await command.ErrorSaysAsync("Batch 2: 10 rows");
            await HungAsync();
            command.CloseOutputs();
            command.Signal("HUP");
            Assert.Equal(130, await command.ExitAsync());
        }

        await CompletesAsync(rows);
    }

    [SkippableFact]
    public async Task A_terminal_that_is_closed_ends_the_run_in_order()
    {
        const string Terminal = "/usr/bin/script";
        Skip.IfNot(OperatingSystem.IsLinux() && System.IO.File.Exists(Terminal), "A terminal is made with script.");
        var rows = File("crm.csv", Numbered(55));
        Hang(after: 2);
        var start = new ProcessStartInfo(Terminal, ["-qec", $"exec dotnet {CommandLine.Path} {string.Join(' ', Command(rows))}", "/dev/null"]) { RedirectStandardOutput = true, RedirectStandardInput = true };
        using (var terminal = Process.Start(start)!)
        {
            await HungAsync();
            terminal.Kill();
        }

        await WaitUntilAsync(() => IsFree(Journal));
        Assert.StartsWith("{\"type\":\"end\",", (await System.IO.File.ReadAllLinesAsync(Journal))[^1], StringComparison.Ordinal);
        await CompletesAsync(rows);
    }

    [SkippableFact]
    public async Task A_run_that_nobody_listens_to_goes_on()
    {
        Skip.If(OperatingSystem.IsWindows(), "Pipes are closed under the process.");
        var rows = File("crm.csv", Numbered(55));
        using (var command = CommandLine.Start(Command("-")))
        {
            command.CloseOutputs();
            await command.WriteAsync(await System.IO.File.ReadAllBytesAsync(rows));
            Assert.Equal(0, await command.ExitAsync());
        }

        Assert.Equal(55, ProfileCount());
    }

    [SkippableFact]
    public async Task Standard_input_goes_on_when_it_comes_again()
    {
        Skip.If(OperatingSystem.IsWindows(), "Signals are sent with kill.");
        var text = Encoding.UTF8.GetBytes(Numbered(55));
        Hang(after: 2);
        using (var command = CommandLine.Start(Command("-")))
        {
            await command.WriteAsync(text);
            await HungAsync();
            command.Signal("TERM");
            Assert.Equal(130, (await command.EndAsync()).ExitCode);
        }

        Emulator.Faults.Clear();
        var completed = await CommandLine.RunAsync(Command("-"), text);
        Assert.Equal(0, completed.ExitCode);
        Assert.Contains("warning: The run goes on where it ended: ", completed.Error, StringComparison.Ordinal);
        Assert.Equal(55, ProfileCount());
    }

    [Fact]
    public async Task A_run_that_stops_early_is_completed_by_the_same_command()
    {
        var rows = File("crm.csv", Numbered(55));
        Emulator.Faults.Add(new WireFault { Kind = FaultKind.ServerError, On = FaultTarget.Submit, StatusCode = 500, SkipFirst = 2, Times = 0 });

        var stopped = await SendJournaledAsync(rows);
        var without = await SendAsync(rows, "--max-batch-rows", "10");

        Assert.Equal((3, 3), (stopped.ExitCode, without.ExitCode));
        Assert.Contains("goes on where this one ended.", stopped.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("goes on", without.Error, StringComparison.Ordinal);
        Assert.Contains("sends every row again, which does no harm; with --journal-path it would go on", without.Error, StringComparison.Ordinal);
        await CompletesAsync(rows);
    }

    [Fact]
    public async Task Other_settings_and_other_rows_are_refused_by_name_until_restarted()
    {
        await StopAfterOneBatchAsync(File("crm.csv", Numbered(55)));
        var before = Submits;

        var otherSettings = await SendJournaledAsync(File("crm.csv", Numbered(55)), "--null-text", "none");
        var otherRows = await SendJournaledAsync(File("crm.csv", Numbered(54)));

        Assert.Equal((2, 2), (otherSettings.ExitCode, otherRows.ExitCode));
        Assert.Contains("--null-text was not given and is 'none'", otherSettings.Error, StringComparison.Ordinal);
        Assert.Contains("crm.csv is not as it was", otherRows.Error, StringComparison.Ordinal);
        Assert.Contains("add --restart", otherRows.Error, StringComparison.Ordinal);
        Assert.Equal(before, Submits);
        Assert.Equal(0, (await SendJournaledAsync(File("crm.csv", Numbered(54)), "--restart")).ExitCode);
        Assert.True(System.IO.File.Exists(Path.Combine(Folder, "run.2.journal")));
    }

    [Fact]
    public async Task A_second_run_on_one_journal_and_a_damaged_one_are_refused()
    {
        var rows = File("crm.csv", Numbered(55));
        Hang(after: 2);
        using (var command = CommandLine.Start(Command(rows)))
        {
            await HungAsync();
            var second = await SendJournaledAsync(rows);
            Assert.Equal(2, second.ExitCode);
            Assert.Contains("is in use by another run", second.Error, StringComparison.Ordinal);
            var seen = await CommandLine.RunAsync("journal", Journal);
            Assert.Contains("not complete. If it is not going on just now", seen.Output, StringComparison.Ordinal);
        }

        await WaitUntilAsync(() => IsFree(Journal));
        var lines = await System.IO.File.ReadAllLinesAsync(Journal);
        await System.IO.File.WriteAllLinesAsync(Journal, [.. lines.Take(1), lines[1].Replace("crm.csv", "crm.cvs", StringComparison.Ordinal), .. lines.Skip(2)]);
        var damaged = await SendJournaledAsync(rows);
        Assert.Equal(2, damaged.ExitCode);
        Assert.Contains("is damaged in line 2", damaged.Error, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("/dev/full", "No space left on device")]
    [InlineData("/nowhere/run.journal", "cannot be opened for writing")]
    public async Task A_journal_that_cannot_be_written_stops_the_run_before_anything_is_sent(string journal, string reason)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Only Linux has a disk that is always full.");
        var result = await SendAsync(File("crm.csv", Numbered(5)), "--journal-path", journal);

        Assert.Equal(3, result.ExitCode);
        Assert.Contains(reason, result.Error, StringComparison.Ordinal);
        Assert.Equal(0, Submits);
    }

    [SkippableFact]
    public async Task A_journal_is_its_owners_alone()
    {
        Skip.If(OperatingSystem.IsWindows(), "On Windows the folder's permissions apply.");
        await SendJournaledAsync(File("crm.csv", Numbered(5)));

        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(Journal));
    }

    [Fact]
    public async Task A_plan_writes_no_journal()
    {
        var result = await SendJournaledAsync(File("crm.csv", Numbered(5)), "--what-if");

        Assert.Equal(0, result.ExitCode);
        Assert.False(System.IO.File.Exists(Journal));
    }

    [Fact]
    public async Task Restart_and_resend_want_a_journal()
    {
        foreach (var option in new[] { "--restart", "--resend" })
        {
            var result = await SendAsync(File("crm.csv", Numbered(5)), option);
            Assert.Equal(2, result.ExitCode);
            Assert.Contains("Add --journal-path FILE", result.Error, StringComparison.Ordinal);
        }

        Assert.Equal(0, Submits);
    }

    [Fact]
    public async Task A_journal_can_be_read()
    {
        await SendJournaledAsync(File("crm.csv", Numbered(25).Replace("U7,", "bad+7,", StringComparison.Ordinal)), "--rejected-path", Path.Combine(Folder, "rejected.csv"));

        var shown = await CommandLine.RunAsync("journal", Journal);
        var json = (await CommandLine.RunAsync("journal", Journal, "--json")).Json();

        Assert.Equal(1, shown.ExitCode);
        Assert.Contains("Balanced: 25 read = 24 accepted + 1 rejected.", shown.Output, StringComparison.Ordinal);
        Assert.Contains("rejected.csv", shown.Output, StringComparison.Ordinal);
        Assert.Contains("The run was completed at", shown.Output, StringComparison.Ordinal);
        Assert.True(json.GetProperty("isComplete").GetBoolean());
        Assert.Equal(Journal, json.GetProperty("path").GetString());
        Assert.All(json.GetProperty("batches").EnumerateArray(), batch => Assert.Equal("accepted", batch.GetProperty("state").GetString()));
    }

    [Theory]
    [InlineData("nowhere.journal", null, "There is no file")]
    [InlineData("", null, "is a folder")]
    [InlineData("crm.csv", "thirdPartyId,a\nU1,1\n", "is no journal")]
    public async Task What_is_no_journal_is_usage(string name, string? text, string reason)
    {
        var path = text is null ? Path.Combine(Folder, name) : File(name, text);
        var result = await CommandLine.RunAsync("journal", path);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(reason, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_journal_says_so()
    {
        var result = await CommandLine.RunAsync("journal", File("empty.journal", ""));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("The journal is empty: no run has begun.", result.Output, StringComparison.Ordinal);
    }

    private static string Numbered(int rows) => "thirdPartyId,a\n" + string.Concat(Enumerable.Range(1, rows).Select(i => $"U{i},{i}\n"));

    private static bool IsFree(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private string[] Command(string rows) => ["send", rows, "--journal-path", Journal, "--max-batch-rows", "10", "--throttle-limit", "1", .. Connection];

    private Task<CommandResult> SendJournaledAsync(string rows, params string[] options) => CommandLine.RunAsync([.. Command(rows), .. options]);

    private void Hang(int after) =>
        Emulator.Faults.Add(new WireFault { Kind = FaultKind.DelayedReply, On = FaultTarget.Submit, Delay = TimeSpan.FromMinutes(5), SkipFirst = after, Times = 0 });

    private Task HungAsync() => WaitUntilAsync(() => Submits > 2);

    private async Task StopAfterOneBatchAsync(string rows)
    {
        Emulator.Faults.Add(new WireFault { Kind = FaultKind.ServerError, On = FaultTarget.Submit, StatusCode = 500, SkipFirst = 1, Times = 0 });
        Assert.Equal(3, (await SendJournaledAsync(rows)).ExitCode);
        Emulator.Faults.Clear();
    }

    private async Task CompletesAsync(string rows)
    {
        Emulator.Faults.Clear();
        var completed = await SendJournaledAsync(rows, "--json");
        Assert.Equal(0, completed.ExitCode);
        Assert.Equal(JsonValueKind.Null, completed.Json().GetProperty("sentBefore").ValueKind);
        Assert.Equal([3, 4, 5, 6], completed.Json().GetProperty("batches").EnumerateArray().Select(batch => batch.GetProperty("number").GetInt32()));
        Assert.Equal(55, ProfileCount());
        for (var i = 1; i <= 55; i++)
            Assert.Equal($"{i}", Arrived($"U{i}", "a"));
    }
}
