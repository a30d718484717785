using TargetProfiles.Emulator;
using TargetProfiles.Sending;

namespace TargetProfiles.Core.Tests;

/// <summary>What Target has is found to be what was sent, or not, with the right counts.</summary>
public sealed class CompareRunTests : IDisposable
{
    private const string Hard = "thirdPartyId,profile.name,city,note\nU1,\"Zo\u00EB \"\"Z\"\" O'Brien, No. 1\",S\u00E3o Paulo & co = 100% + more,\"first\nsecond\"\nU2,\u6771\u4EAC \U0001F600,,x\n";

    private readonly Wire _wire = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("compare-").FullName;

    public void Dispose()
    {
        _wire.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Rows_that_arrived_match_whatever_their_values_are()
    {
        Send(Hard);
        using var comparison = new Comparison(_wire).OfCsv(Hard);
        Assert.Equal((2, 0, 0, 0), comparison.Counts);
        Assert.True(comparison.Summary.IsMatch);
        Assert.Equal(["U1", "U2"], comparison.Compared.Select(compared => compared.ThirdPartyId));
    }

    [Fact]
    public void Difference_tells_names_expected_and_found_values()
    {
        Send("thirdPartyId,a,b,c\nU1,1,2,3\n");
        using var comparison = new Comparison(_wire).OfCsv("thirdPartyId,a,b,c,d\nU1,1,two,,new\n");
        Assert.Equal((0, 1, 0, 0), comparison.Counts);
        var compared = Assert.Single(comparison.Compared);
        Assert.Equal(["b", "d"], compared.DifferentAttributes);
        Assert.Equal(("two", "new"), (compared.Expected["b"], compared.Expected["d"]));
        Assert.Equal("2", Assert.Single(compared.Found).Value);
        Assert.NotNull(compared.ModifiedAt);
    }

    [Fact]
    public void Row_without_profile_is_not_there_yet_before_the_time_is_over_and_missing_then()
    {
        using var once = new Comparison(_wire).OfCsv("thirdPartyId,a\nU1,1\n");
        Assert.Equal((0, 0, 0, 1), once.Counts);
        using var waited = new Comparison(_wire, new CompareOptions { Timeout = TimeSpan.FromMilliseconds(1) }).OfCsv("thirdPartyId,a\nU1,1\n");
        Assert.Equal((0, 0, 1, 0), waited.Counts);
        Assert.Equal("1 row compared: 1 missing.", waited.Summary.ToString());
    }

    [Fact]
    public void Values_that_come_late_are_waited_for()
    {
        Send("thirdPartyId,a\nU1,old\n");
        _wire.Emulator.Options.ProcessingDelay = TimeSpan.FromHours(1);
        Submit("thirdPartyId,a\nU1,new\nU2,new\n");
        var isProcessed = false;
        using var comparison = new Comparison(_wire, new CompareOptions { Timeout = Wire.Patience }, onProgress: progress =>
        {
            if (progress.Waiting < 2 || isProcessed)
                return;
            isProcessed = true;
            _wire.Emulator.ProcessNow();
        });
        comparison.OfCsv("thirdPartyId,a\nU1,new\nU2,new\n");
        Assert.Equal((2, 0, 0, 0), comparison.Counts);
    }

    [Fact]
    public void Rows_of_one_id_are_compared_as_the_one_row_that_is_sent()
    {
        var path = Path.Combine(_folder, "rows.csv");
        File.WriteAllText(path, "thirdPartyId,a,b\nU1,1,1\nU2,1,1\nU1,2,\nU3+,x,x\nU4,,\n");
        using var run = new Run(_wire);
        run.Send.AddFiles([path]);
        run.Send.Complete(sourceEnded: true);
        _wire.Emulator.ProcessNow();
        using var comparison = new Comparison(_wire).OfFile(path);
        Assert.Equal((2, 0, 0, 0), comparison.Counts);
        Assert.Equal((5, 1, 1, 1), (comparison.Summary.Read, comparison.Summary.Rejected, comparison.Summary.Empty, comparison.Summary.Merged));
        Assert.Empty(comparison.Messages.OfType<RunMessage.RowFound>());
        Assert.Empty(comparison.Messages.OfType<RunMessage.Warning>());
    }

    [Fact]
    public void Lost_rows_are_found_with_their_number()
    {
        _wire.Emulator.Options.LossRate = 0.05;
        Send(Run.Numbered(1000));
        var lost = Enumerable.Range(1, 1000).Where(i => _wire.Emulator.FindByThirdPartyId($"U{i}") is null).ToList();
        Assert.NotEmpty(lost);
        using var comparison = new Comparison(_wire).OfCsv(Run.Numbered(1000));
        Assert.Equal((1000 - lost.Count, 0, 0, lost.Count), comparison.Counts);
        Assert.Equal(lost, comparison.Compared.Where(compared => compared.Outcome != ComparisonOutcome.Match).Select(compared => (int)compared.Row));
    }

    [Fact]
    public void Values_that_a_later_batch_swept_away_are_found()
    {
        _wire.Emulator.Options.OverrideMode = V2OverrideMode.WholePendingSet;
        Send("thirdPartyId,a\nU1,1\nU2,1\n");
        Send("thirdPartyId,b\nU1,2\n");
        using var comparison = new Comparison(_wire).OfCsv("thirdPartyId,a\nU1,1\nU2,1\n");
        Assert.Equal((1, 1, 0, 0), comparison.Counts);
        Assert.Empty(comparison.Compared[0].Found);
    }

    [Fact]
    public void Same_seed_compares_the_same_rows_and_another_one_others()
    {
        Assert.Equal(Sampled(7), Sampled(7));
        Assert.NotEqual(Sampled(7), Sampled(8));

        List<long> Sampled(int seed)
        {
            using var comparison = new Comparison(_wire, new CompareOptions { Timeout = TimeSpan.Zero, SampleSize = 10, Seed = seed }).OfCsv(Run.Numbered(500));
            Assert.Equal((500, 10), (comparison.Summary.Read, comparison.Summary.Compared));
            var rows = comparison.Compared.Select(compared => compared.Row).ToList();
            Assert.Equal(rows.Order(), rows);
            return rows;
        }
    }

    [Fact]
    public void Id_that_cannot_stand_in_an_address_fails_alone()
    {
        using var comparison = new Comparison(_wire).OfCsv("thirdPartyId,a\n..,1\nU1,1\n");
        Assert.Equal("test.csv, row 1", Assert.Single(comparison.Failed).Row);
        Assert.Equal((1, 1), (comparison.Summary.Failed, comparison.Summary.Compared));
        Assert.False(comparison.Summary.IsMatch);
    }

    [Fact]
    public void Fetch_that_fails_for_a_moment_is_tried_again_while_there_is_time()
    {
        Send(Run.Numbered(2));
        var impatient = _wire.Connect(_wire.Settings(retries: 0));
        _wire.Play(FaultKind.ServerError, FaultTarget.Fetch, status: 500, times: 1);
        using var waited = new Comparison(_wire, new CompareOptions { Timeout = Wire.Patience }, impatient).OfCsv(Run.Numbered(2));
        Assert.Equal((2, 0, 0, 0), waited.Counts);
        Assert.Empty(waited.Failed);

        _wire.Play(FaultKind.ServerError, FaultTarget.Fetch, status: 500, times: 1);
        using var once = new Comparison(_wire, connection: impatient).OfCsv(Run.Numbered(2));
        Assert.Equal((1, 1), (once.Summary.Match, once.Summary.Failed));
    }

    [Fact]
    public void Row_that_could_not_be_fetched_is_recorded_and_reported()
    {
        var path = Path.Combine(_folder, "crm.journal");
        using (var run = new Run(_wire, new SendOptions { JournalPath = path }))
            run.SendCsv(Run.Numbered(3));
        _wire.Emulator.ProcessNow();
        _wire.Play(FaultKind.ServerError, FaultTarget.Fetch, status: 500, times: 1);
        using (var comparison = new Comparison(_wire, new CompareOptions { Timeout = TimeSpan.Zero, JournalPath = path }, _wire.Connect(_wire.Settings(retries: 0))))
            comparison.OfCsv(Run.Numbered(3));
        Assert.Contains("""
            "rows":2,"match":2,"different":0,"missing":0,"notYet":0,"failed":1,
            """, File.ReadAllLines(path)[^1], StringComparison.Ordinal);
        var report = Path.Combine(_folder, "report.html");
        TargetProfileReport.Export(path, report);
        var page = File.ReadAllText(report);
        Assert.Contains("Accepted, but 1 row of 3 could not be fetched to be compared", page, StringComparison.Ordinal);
        Assert.Contains("1 could not be fetched", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_token_ends_the_comparison_at_once()
    {
        _wire.Emulator.Options.Token = "right";
        using var comparison = new Comparison(_wire, new CompareOptions { ThrottleLimit = 1 });
        Assert.Equal(ServiceFailureKind.TokenRejected, Assert.Throws<TargetServiceException>(() => comparison.OfCsv(Run.Numbered(100))).Kind);
        Assert.Equal(0, comparison.Summary.Compared);
        Assert.InRange(_wire.Emulator.Requests.Count, 1, 3);
    }

    [Fact]
    public void Server_that_goes_down_while_rows_are_waited_for_leaves_them_not_there_yet()
    {
        var isDown = false;
        using var comparison = new Comparison(_wire, new CompareOptions { Timeout = TimeSpan.FromHours(1) }, onProgress: progress =>
        {
            if (progress.Waiting < 5 || isDown)
                return;
            isDown = true;
            _wire.Emulator.Stop();
        });
        Assert.Throws<TargetServiceException>(() => comparison.OfCsv(Run.Numbered(5)));
        Assert.Equal(5, comparison.Summary.NotYet + comparison.Summary.Failed);
        Assert.Equal((0, 0, 0), (comparison.Summary.Match, comparison.Summary.Different, comparison.Summary.Missing));
    }

    [Fact]
    public void Cancelling_while_waiting_tells_what_is_known()
    {
        Comparison? comparison = null;
        using var owned = comparison = new Comparison(_wire, new CompareOptions { Timeout = TimeSpan.FromHours(1) }, onProgress: progress =>
        {
            if (progress.Waiting == 5)
                comparison!.Run.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => comparison.OfCsv(Run.Numbered(5)));
        Assert.Equal((0, 0, 0, 5), comparison.Counts);
    }

    [Fact]
    public void Counts_stand_in_the_journal_of_the_send_which_stays_complete()
    {
        var path = Path.Combine(_folder, "crm.journal");
        var csv = "thirdPartyId,a\nU1,1\nU2,2\n";
        using (var run = new Run(_wire, new SendOptions { JournalPath = path }))
            run.SendCsv(csv);
        _wire.Emulator.ProcessNow();
        using (var comparison = new Comparison(_wire, new CompareOptions { Timeout = TimeSpan.Zero, SampleSize = 1, Seed = 3, JournalPath = path }))
            comparison.OfCsv("thirdPartyId,a\nU1,other\n");
        var record = File.ReadAllLines(path)[^1];
        Assert.Matches("""^\{"type":"compared","at":"[^"]+","rows":1,"match":0,"different":1,"missing":0,"notYet":0,"failed":0,"sampleSize":1,"seed":3,"durable":""", record);
        Assert.DoesNotContain("U1", record, StringComparison.Ordinal);
        Assert.True(TargetProfileJournal.Read(path).IsComplete);
        using var again = new Run(_wire, new SendOptions { JournalPath = path });
        again.SendCsv(csv);
        Assert.NotNull(again.Send.SentBefore);
    }

    [Fact]
    public void Journal_that_is_none_is_refused_before_anything_is_fetched()
    {
        var path = Path.Combine(_folder, "none.journal");
        Assert.Throws<FileNotFoundException>(() => new Comparison(_wire, new CompareOptions { JournalPath = path }));
        Assert.False(File.Exists(path));
        File.WriteAllText(path, "a,b\n1,2\n");
        Assert.Throws<JournalException>(() => new Comparison(_wire, new CompareOptions { JournalPath = path }));
        Assert.Empty(_wire.Emulator.Requests);
    }

    private void Send(string csv)
    {
        Submit(csv);
        _wire.Emulator.ProcessNow();
    }

    private void Submit(string csv)
    {
        using var run = new Run(_wire);
        run.SendCsv(csv);
        Assert.True(run.Accounting.IsComplete);
    }
}
