using System.Text;
using TargetProfiles.Emulator;
using TargetProfiles.Sending.Journal;

namespace TargetProfiles.Core.Tests;

/// <summary>The disk is full from any byte on that a run would write: it stops before it sends what it cannot record.</summary>
public sealed class FullDiskTests : IDisposable
{
    private const string Journal = "/disk/run.journal";
    private const string Rejected = "/disk/rejected.csv";
    private static readonly string Csv = "thirdPartyId,a\n" + string.Concat(Enumerable.Range(1, 20).Select(i => $"{(i % 4 == 0 ? "bad+" : "U")}{i},{i}\n"));

    private readonly Wire _wire = new(new EmulatorOptions { RequestLogCapacity = 1_000_000 });

    public void Dispose() => _wire.Dispose();

    [Fact]
    public void Run_stops_and_the_same_command_completes_it_once_there_is_room()
    {
        var whole = new PluggedStore(() => 0);
        Send(whole, out var accounting, out _);
        Assert.Equal((20, 15, 5), (accounting.Read, accounting.Accepted, accounting.Rejected));
        var needed = whole.Files.Values.Sum(file => file.Length);
        for (var capacity = 0L; capacity < needed; capacity += 101)
        {
            var store = new PluggedStore(() => 0) { Capacity = capacity };
            var sent = Send(store, out _, out var failure);
            Assert.True(failure is JournalException { Fault: JournalFault.Unwritable } or IOException, $"{capacity} bytes: {failure}");
            store = new PluggedStore(() => 0, new(store.Files));
            var recorded = Recorded(store);
            Assert.True(sent.TrueForAll(recorded.Contains), $"{capacity} bytes: sent and not recorded");

            var again = Send(store, out accounting, out failure);
            Assert.True(failure is null && (20, 15, 5) == (accounting.Read, accounting.Accepted, accounting.Rejected), $"{capacity} bytes: {accounting} {failure}");
            Assert.True(sent.Concat(again).Distinct().Count() == 5 && again.Count == again.Distinct().Count(), $"{capacity} bytes: {sent.Count} and {again.Count}");
            var rejected = store.Files.Where(file => file.Key.Contains("rejected", StringComparison.Ordinal)).SelectMany(file => Encoding.UTF8.GetString(file.Value).Split('\n').Skip(1)).Count(line => line.Length > 0);
            Assert.True(rejected == 5, $"{capacity} bytes: {rejected} rejected rows");
        }
    }

    private List<string> Send(PluggedStore store, out RunAccounting accounting, out Exception? failure)
    {
        var before = _wire.Submits.Count();
        accounting = new RunAccounting();
        failure = null;
        try
        {
            using var run = new Run(_wire, new SendOptions { Limits = new BatchLimits(rows: 3), ThrottleLimit = 1, JournalPath = Journal, RejectedPath = Rejected, Files = store });
            accounting = run.Accounting;
            failure = Record.Exception(() => run.Send.AddCsv(new MemoryStream(Encoding.UTF8.GetBytes(Csv)), "crm.csv"));
            run.Send.Complete(sourceEnded: failure is null);
            failure ??= run.Send.Failure;
            Assert.True(run.Accounting.IsBalanced, run.Accounting.ToString());
        }
        catch (JournalException e)
        {
            failure = e;
        }

        return [.. _wire.Submits.Skip(before).Select(request => request.BodySha256!)];
    }

    private static List<string> Recorded(PluggedStore store)
    {
        if (!store.Exists(Journal))
            return [];
        using var file = JournalFile.Open(Journal, new PluggedStore(() => 0, new(store.Files)), out var content);
        return [.. content.Covers.Select(cover => cover.Sha256).OfType<string>()];
    }
}
