using System.Globalization;
using System.Text.Json;
using TargetProfiles.Emulator;

namespace TargetProfiles.Cli.Tests;

/// <summary>
/// The command's own process is killed again and again, after random numbers of requests of runs of 200 batches, while one request in five
/// meets a fault. The same command goes on each time. TARGET_PROOF_KILLS says how often; see docs/proofs.md.
/// </summary>
public sealed class KillRunTests : Sending
{
    private const int Batches = 200;
    private const int RowsOfABatch = 10;
    private const int KillsInTheSuite = 4;
    private const int MostRequestsBeforeAKill = 120;

    private readonly List<string> _knownAccepted = [];
    private long _looked;

    [SkippableFact]
    public async Task Run_that_is_killed_at_any_moment_is_completed_by_the_same_command()
    {
        Skip.If(OperatingSystem.IsWindows(), "There is no SIGKILL.");
        var kills = int.Parse(Environment.GetEnvironmentVariable("TARGET_PROOF_KILLS") ?? $"{KillsInTheSuite}", CultureInfo.InvariantCulture);
        var random = new Random(int.Parse(Environment.GetEnvironmentVariable("TARGET_PROOF_SEED") ?? "1", CultureInfo.InvariantCulture));
        AddFaults();
        var file = File("crm.csv", "");
        var killed = 0;
        for (var run = 1; killed < kills; run++)
        {
            Write(file, run);
            while (true)
            {
                var isLast = killed == kills;
                using var command = CommandLine.Start(["send", file, .. Options]);
                if (!isLast)
                {
                    // After so many requests, not after some time: on a slow machine the command would always be killed before its first.
                    var end = command.EndAsync();
                    var requests = LastNumber + random.Next(MostRequestsBeforeAKill);
                    await WaitUntilAsync(() => end.IsCompleted || LastNumber >= requests);
                    if (!end.IsCompleted)
                    {
                        command.Signal("KILL");
                        killed++;
                        await end;
                        await LookAsync();
                        continue;
                    }
                }

                var result = await command.EndAsync();
                await LookAsync();
                // A fault that outlasts the tries ends the command, and the same command goes on.
                if (result.ExitCode == 3)
                    continue;
                // 1 for the rejected rows; 0 if the kill came when all was done, and there was nothing left to do.
                Assert.True(result.ExitCode is 0 or 1, $"{result.ExitCode}: {result.Error}");
                break;
            }

            await CheckAsync(run);
        }
    }

    /// <summary>Number of the last request that was logged; they are numbered as they begin.</summary>
    private long LastNumber => Emulator.Requests is { Count: > 0 } requests ? requests[^1].Number : 0;

    private string Journal => Path.Combine(Folder, "run.journal");

    private string Rejected => Path.Combine(Folder, "rejected.csv");

    private string[] Options =>
    [
        "--journal-path", Journal, "--rejected-path", Rejected, "--max-batch-rows", $"{RowsOfABatch}",
        "--client-code", Emulator.ClientCode, "--endpoint", Endpoint, "--calls-per-minute", "0",
    ];

    private void AddFaults()
    {
        foreach (var (kind, status) in new[] { (FaultKind.ServerError, 503), (FaultKind.EarlyReply, 503), (FaultKind.ServerError, 500), (FaultKind.ApplyAndClose, 0), (FaultKind.ResetAfterBytes, 0) })
            Emulator.Faults.Add(new WireFault { Kind = kind, On = FaultTarget.Submit, Times = 0, Probability = 0.04, StatusCode = status, RetryAfter = "0", AfterBytes = 20 });
    }

    // Every eleventh row is rejected; each run has values of its own.
    private static void Write(string file, int run) => System.IO.File.WriteAllText(
        file,
        "thirdPartyId,a\n" + string.Concat(Enumerable.Range(1, Batches * RowsOfABatch * 11 / 10).Select(i => i % 11 == 0 ? $"bad+{i},x\n" : $"U{i},run {run} row {i}\n")));

    /// <summary>Looks at what came since the last look: nothing that the journal had called accepted before.</summary>
    private async Task LookAsync()
    {
        // By number: what a killed command began to send may be logged after the first requests of the next one.
        var last = LastNumber;
        Assert.Empty(Emulator.Requests.Where(request => request.Number > _looked && request.Number <= last && request.Target.Contains("batchUpdate", StringComparison.Ordinal)).Select(request => request.BodySha256).Intersect(_knownAccepted));
        _looked = last;
        if (!System.IO.File.Exists(Journal))
            return;
        _knownAccepted.Clear();
        var journal = (await CommandLine.RunAsync("journal", Journal, "--json")).Json();
        _knownAccepted.AddRange(journal.GetProperty("batches").EnumerateArray().Where(batch => batch.GetProperty("state").GetString() == "accepted").Select(batch => batch.GetProperty("sha256").GetString()!));
    }

    private async Task CheckAsync(int run)
    {
        var journal = (await CommandLine.RunAsync("journal", Journal, "--json")).Json();
        var rejected = Batches * RowsOfABatch / 10;
        var accounting = journal.GetProperty("accounting");
        Assert.Equal((true, true), (journal.GetProperty("isComplete").GetBoolean(), accounting.GetProperty("isBalanced").GetBoolean()));
        Assert.Equal((Batches * RowsOfABatch, rejected), (Number(accounting, "accepted"), Number(accounting, "rejected")));
        Assert.True(Emulator.WaitForIdle(CommandLine.LongestRun));
        foreach (var profile in Emulator.Profiles)
            Assert.Equal($"run {run} row {profile.ThirdPartyId![1..]}", profile.Attributes["a"]);
        Assert.Equal(Batches * RowsOfABatch, Emulator.ProfileCount);
        var files = Directory.GetFiles(Folder, "rejected*");
        Assert.Equal(rejected, Assert.Single(files.Where(name => System.IO.File.GetLastWriteTimeUtc(name) == files.Max(System.IO.File.GetLastWriteTimeUtc)).Select(name => System.IO.File.ReadLines(name).Count() - 1)));
        foreach (var name in files.Append(Journal))
            System.IO.File.Delete(name);
        _knownAccepted.Clear();
    }

    private static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();
}
