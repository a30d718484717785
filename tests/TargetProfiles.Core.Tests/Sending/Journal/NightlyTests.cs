using TargetProfiles.Sending.Journal;

namespace TargetProfiles.Core.Tests;

/// <summary>One command, every night: the runbook never changes, the file and the luck do.</summary>
public sealed class NightlyTests : IDisposable
{
    private readonly JournalRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(30 * 24)]
    public void Each_night_does_what_the_file_asks_for(int hoursTheClockWasSetBack)
    {
        // Day 1: all goes well.
        var file = _runs.Write("crm.csv", Run.Numbered(25));
        using (var day1 = _runs.Send(null, file))
            Assert.True(day1.Accounting.IsComplete);
        SetClockBack();

        // The scheduler starts it twice.
        using (var twice = _runs.Send(null, file))
            Assert.NotNull(twice.Send.SentBefore);

        // Day 2: a new file, and the machine goes down in the middle.
        _runs.Write("crm.csv", Run.Numbered(45));
        _runs.SendUntil(2, _runs.Options(), file);
        Assert.Single(Directory.GetFiles(_runs.Folder, "run.*.journal"));
        SetClockBack();

        // Before it is started again, the export writes a longer file, then the same rows in another order: both are told.
        foreach (var changed in new[] { Run.Numbered(60), "thirdPartyId,a\n" + string.Concat(Run.Numbered(45).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Reverse().Select(line => line + "\n")) })
        {
            _runs.Write("crm.csv", changed);
            using var refused = new Run(_runs.Wire, _runs.Options());
            Assert.Equal(JournalFault.OtherSource, Assert.Throws<JournalException>(() => refused.Send.AddFile(file)).Fault);
            Assert.Empty(refused.Batches);
        }

        // With the file as it was, the run is completed.
        _runs.Write("crm.csv", Run.Numbered(45));
        using (var day2 = _runs.Send(null, file))
            Assert.Equal((45, 45, true), (day2.Accounting.Read, day2.Accounting.Accepted, day2.Accounting.IsComplete));
        Assert.Equal(45, _runs.StoredIds.Count());

        // Day 3.
        _runs.Write("crm.csv", Run.Numbered(60));
        using var day3 = _runs.Send(null, file);
        Assert.Equal((60, 60, true), (day3.Accounting.Read, day3.Accounting.Accepted, day3.Accounting.IsComplete));

        // As if everything so far had been recorded by a clock that was ahead.
        void SetClockBack()
        {
            var ahead = TimeSpan.FromHours(hoursTheClockWasSetBack);
            using var lines = new MemoryStream();
            foreach (var line in File.ReadAllLines(_runs.Journal).Select(System.Text.Encoding.UTF8.GetBytes))
            {
                Assert.True(JournalLine.TryRead(line, 0, line.Length, out var json));
                var record = JournalRecord.From(json) switch
                {
                    RunRecord run => run with { At = run.At + ahead },
                    OutcomeRecord outcome => outcome with { At = outcome.At + ahead },
                    EndRecord end => end with { At = end.At + ahead },
                    var other => other!,
                };
                lines.Write(JournalLine.Of(record, json.GetProperty("durable").GetInt64()));
            }

            File.WriteAllBytes(_runs.Journal, lines.ToArray());
        }
    }
}
