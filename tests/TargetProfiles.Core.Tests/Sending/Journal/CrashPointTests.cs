using System.Text;
using TargetProfiles.Emulator;
using TargetProfiles.Sending;
using TargetProfiles.Sending.Journal;
using Xunit.Abstractions;

namespace TargetProfiles.Core.Tests;

/// <summary>
/// The plug is pulled after every single write and flush of a run, with every combination of what was not yet on the disk
/// missing or torn, and before as well as after the service had the request. The same command then completes the run.
/// </summary>
public sealed class CrashPointTests(ITestOutputHelper output) : IDisposable
{
    private const string Journal = "/plugged/run.journal";
    private const string Rejected = "/plugged/rejected.csv";

    private static readonly string Csv =
        "thirdPartyId,a\nU1,1\nbad+2,2\nU3,3\nU4,\nU5,5\nU6,6\nbad+7,7\nU8,8\nbad+9,9\nU10,10\nU11,11\nbad+12,12\n";

    private readonly Wire _wire = new(new EmulatorOptions { RequestLogCapacity = 1_000_000 });

    public void Dispose() => _wire.Dispose();

    [Fact]
    public void File() => EveryCrashIsSurvived(run => run.AddCsv(new MemoryStream(Encoding.UTF8.GetBytes(Csv)), "crm.csv"));

    [Fact]
    public void Pipeline() => EveryCrashIsSurvived(run =>
    {
        foreach (var line in Csv.Split('\n').Skip(1).Where(line => line.Length > 0))
        {
            var row = run.BeginRow();
            row.Add("thirdPartyId", line.Split(',')[0]);
            row.Add("a", line.Split(',')[1]);
            run.EndRow();
        }
    });

    [Fact]
    public void Reply_that_does_not_come() => EveryCrashIsSurvived(
        run => run.AddCsv(new MemoryStream(Encoding.UTF8.GetBytes(Csv)), "crm.csv"),
        () => _wire.Play(FaultKind.ApplyAndClose, times: 1, skip: 1));

    private void EveryCrashIsSurvived(Action<SendRun> feed, Action? upset = null)
    {
        var before = Bodies().Count;
        var store = new PluggedStore(() => Bodies().Count - before);
        upset?.Invoke();
        using var whole = Send(store, feed);
        Assert.Equal((12, 7, 4, 1), (whole.Accounting.Read, whole.Accounting.Accepted, whole.Accounting.Rejected, whole.Accounting.Empty));
        var delivered = Bodies().GetRange(before, Bodies().Count - before);
        string[] all = [.. whole.Batches.Select(batch => batch.Sha256!)];
        Assert.Equal(3, all.Length);
        var cases = 0;
        for (var crash = 0; crash <= store.Events.Count; crash++)
        {
            var earliest = crash == 0 ? 0 : store.Events[crash - 1].Requests;
            var latest = crash == store.Events.Count ? delivered.Count : store.Events[crash].Requests;
            foreach (var disk in store.DisksAfter(crash))
            {
                for (var requests = earliest; requests <= latest; requests++)
                {
                    cases++;
                    Survives(disk, delivered.GetRange(0, requests), all, feed, $"crash after event {crash} of {store.Events.Count}, {requests} requests");
                }
            }
        }

        output.WriteLine($"{cases} crashes at {store.Events.Count + 1} points");
        Assert.True(cases > 100, $"only {cases} cases");
    }

    private void Survives(Dictionary<string, byte[]> disk, List<string> delivered, string[] all, Action<SendRun> feed, string crash)
    {
        var accepted = AcceptedIn(disk, all);
        var before = Bodies().Count;
        var store = new PluggedStore(() => 0, new(disk));
        using (var run = Send(store, feed))
        {
            var sent = Bodies().GetRange(before, Bodies().Count - before);
            Assert.True((12, 7, 4, 1) == (run.Accounting.Read, run.Accounting.Accepted, run.Accounting.Rejected, run.Accounting.Empty), $"{crash}: {run.Accounting}");
            Assert.True(run.Accounting.IsComplete == false && run.Accounting.IsBalanced, crash);
            Assert.True(all.ToHashSet().SetEquals(delivered.Concat(accepted).Concat(sent)), $"{crash}: a batch was lost");
            Assert.True(sent.Distinct().Count() == sent.Count && !sent.Intersect(accepted).Any(), $"{crash}: a batch was sent again that was known to be accepted");
        }

        var rejected = store.Files.Where(file => file.Key.Contains("rejected", StringComparison.Ordinal))
            .SelectMany(file => Encoding.UTF8.GetString(file.Value).Split('\n').Skip(1)).Where(line => line.Length > 0).Select(line => line[..line.IndexOf(',', StringComparison.Ordinal)]);
        Assert.True(rejected.SequenceEqual(["bad+2", "bad+7", "bad+9", "bad+12"]), $"{crash}: rejected rows {string.Join(' ', rejected)}");
        using var again = Send(new PluggedStore(() => 0, new(store.Files)), feed);
        Assert.True(again.Send.SentBefore is not null, $"{crash}: the run is not known to be complete");
    }

    private static List<string> AcceptedIn(Dictionary<string, byte[]> disk, string[] all)
    {
        if (!disk.ContainsKey(Journal))
            return [];
        using var file = JournalFile.Open(Journal, new PluggedStore(() => 0, new(disk)), out var content);
        return [.. content.Covers.Where(cover => cover.IsSettled && cover.Record.Batch > 0).Select(cover => all[cover.Record.Batch - 1])];
    }

    private Run Send(PluggedStore store, Action<SendRun> feed)
    {
        var run = new Run(_wire, new SendOptions
        {
            Limits = new BatchLimits(rows: 3),
            ThrottleLimit = 1,
            JournalPath = Journal,
            RejectedPath = Rejected,
            Files = store,
        });
        feed(run.Send);
        run.Send.Complete(sourceEnded: true);
        Assert.Null(run.Send.Failure);
        return run;
    }

    private List<string> Bodies() => [.. _wire.Submits.Select(request => request.BodySha256!)];
}
