using System.Text.RegularExpressions;
using TargetProfiles.Emulator;
using TargetProfiles.Sending;

namespace TargetProfiles.Core.Tests;

/// <summary>The first rows go ahead, and the others follow only if these have arrived.</summary>
public sealed class CanaryTests : IDisposable
{
    private readonly Wire _wire = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("canary-").FullName;

    public CanaryTests()
    {
        Csv = Path.Combine(_folder, "rows.csv");
        File.WriteAllText(Csv, Run.Numbered(30));
        Journal = Path.Combine(_folder, "crm.journal");
    }

    private string Csv { get; }

    private string Journal { get; }

    public void Dispose()
    {
        _wire.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Rows_follow_once_the_first_ones_have_arrived()
    {
        using var run = Send();
        Assert.Null(run.Send.Failure);
        run.Balances();
        Assert.Equal([10, 20], run.Batches.Select(batch => batch.Rows));
        var requests = _wire.Emulator.Requests.ToList();
        var second = requests.FindLastIndex(request => request.Target.Contains("batchUpdate"));
        Assert.Equal(10, requests.Take(second).Count(request => request.Target.Contains("/profiles/thirdPartyId/")));
        Assert.Equal(10, requests.Count(request => request.Target.Contains("/profiles/thirdPartyId/")));
    }

    [Fact]
    public void Rows_of_the_pipeline_follow_too()
    {
        using var run = new Run(_wire, new SendOptions { Canary = 2 });
        for (var i = 1; i <= 5; i++)
            run.AddRow(("thirdPartyId", $"U{i}"), ("points", i), ("isMember", true), ("since", new DateTime(2026, 1, 31, 3, 0, 0, DateTimeKind.Utc)));
        run.Send.Complete(sourceEnded: true);
        run.Balances();
        Assert.Equal([2, 3], run.Batches.Select(batch => batch.Rows));
    }

    [Fact]
    public void Source_that_is_no_longer_than_the_canary_is_compared_too()
    {
        using var run = Send(new SendOptions { Canary = 100 });
        Assert.Equal([30], run.Batches.Select(batch => batch.Rows));
        Assert.Equal(30, Fetches);
    }

    [Fact]
    public void Id_of_the_canary_stands_in_no_other_batch_and_holds_what_all_rows_of_it_bring()
    {
        File.WriteAllText(Csv, "thirdPartyId,a,b\nU1,1,\nU2,1,1\nU3,1,1\nU1,2,2\n");
        using var run = Send(new SendOptions { Canary = 2 });
        Assert.Equal([2, 1], run.Batches.Select(batch => batch.Rows));
        Assert.Equal(1, run.Accounting.Merged);
        Assert.Equal(("2", "2"), (_wire.Emulator.FindByThirdPartyId("U1")!.Attributes["a"], _wire.Emulator.FindByThirdPartyId("U1")!.Attributes["b"]));
    }

    [Fact]
    public void Duplicates_that_are_sent_as_they_are_count_with_their_last_value()
    {
        File.WriteAllText(Csv, "thirdPartyId,a,b\nU1,1,1\nU1,2,\nU2,1,1\n");
        using var run = Send(new SendOptions { Canary = 2, DuplicateIdAction = DuplicateIdAction.Ignore });
        Assert.Null(run.Send.Failure);
        Assert.Equal([2, 1], run.Batches.Select(batch => batch.Rows));
    }

    [Fact]
    public void Lost_row_stops_the_run_and_names_the_count()
    {
        _wire.Emulator.Options.LossRate = 0.3;
        using var run = new Run(_wire, new SendOptions { Canary = 10, CanaryTimeout = TimeSpan.FromMilliseconds(1) }, onMessage: message =>
        {
            if (message is RunMessage.BatchDone)
                _wire.Emulator.ProcessNow();
        });
        AddFile(run);
        var failure = Assert.IsType<TargetServiceException>(run.Send.Failure);
        Assert.Equal(ServiceFailureKind.CanaryNotArrived, failure.Kind);
        Assert.Matches("10 rows compared: [0-9]+ match, [0-9]+ missing", failure.Message);
        Assert.DoesNotContain("U1", failure.Message, StringComparison.Ordinal);
        Assert.Single(_wire.Submits);
        Assert.True(run.Accounting.IsBalanced);
    }

    [Fact]
    public void Different_value_stops_the_run_and_names_the_attribute()
    {
        using var run = new Run(_wire, new SendOptions { Canary = 10, CanaryTimeout = TimeSpan.FromMilliseconds(1) }, onMessage: message =>
        {
            if (message is not RunMessage.BatchDone)
                return;
            _wire.Emulator.ProcessNow();
            _wire.Client.UpdateProfileAsync(Update("U3", "a", "other"), ProfileUpdateMethod.Post, default).GetAwaiter().GetResult();
        });
        AddFile(run);
        var failure = Assert.IsType<TargetServiceException>(run.Send.Failure);
        Assert.Contains("9 match, 1 different", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Different: a.", failure.Message, StringComparison.Ordinal);
        Assert.Single(_wire.Submits);
    }

    [Fact]
    public void Stuck_batch_stops_the_run_without_waiting_for_the_rows()
    {
        _wire.Emulator.Options.ForceStuck = true;
        using var run = Send();
        Assert.Equal(ServiceFailureKind.CanaryStuck, Assert.IsType<TargetServiceException>(run.Send.Failure).Kind);
        Assert.Equal(0, Fetches);
        Assert.Single(_wire.Submits);
    }

    [Fact]
    public void Batch_that_is_not_processed_in_time_stops_the_run()
    {
        _wire.Emulator.Options.ProcessingDelay = TimeSpan.FromHours(1);
        using var run = Send(new SendOptions { Canary = 10, CanaryTimeout = TimeSpan.FromMilliseconds(50) });
        var failure = Assert.IsType<TargetServiceException>(run.Send.Failure);
        Assert.Equal(ServiceFailureKind.CanaryNotArrived, failure.Kind);
        Assert.Contains("10 missing", failure.Message, StringComparison.Ordinal);
        Assert.Single(_wire.Submits);
    }

    [Fact]
    public void Refused_canary_stops_the_run()
    {
        _wire.Emulator.Options.MaxBatchRows = 5;
        using var run = Send();
        Assert.Equal(ServiceFailureKind.Refused, Assert.IsType<TargetServiceException>(run.Send.Failure).Kind);
        Assert.Single(_wire.Submits);
    }

    [Fact]
    public void Canary_that_arrived_is_neither_sent_nor_fetched_again()
    {
        using (var run = new Run(_wire, Journaled()))
        {
            _wire.Play(FaultKind.ServerError, status: 400, skip: 1);
            AddFile(run);
            Assert.NotNull(run.Send.Failure);
            Assert.Equal(10, run.Accounting.Accepted);
        }

        Assert.Equal(10, Fetches);
        using var again = Send(Journaled());
        Assert.True(again.Accounting.IsComplete);
        Assert.Equal(10, Fetches);
        Assert.Equal(3, _wire.Submits.Count());
        Assert.True(TargetProfileJournal.Read(Journal).IsComplete);
    }

    [Theory]
    [InlineData(30)]
    [InlineData(5)]
    public async Task Cancelled_canary_is_waited_for_again_and_not_sent_again(int rows)
    {
        File.WriteAllText(Csv, Run.Numbered(rows));
        _wire.Emulator.Options.ProcessingDelay = TimeSpan.FromHours(1);
        using (var run = new Run(_wire, Journaled()))
        {
            var cancelling = Task.Run(async () =>
            {
                await Wire.UntilAsync(() => _wire.Emulator.Requests.Any(request => request.Target.Contains("batchStatus")), "the status is asked for");
                run.Send.Cancel();
            });
            Assert.ThrowsAny<OperationCanceledException>(() => AddFile(run));
            Record.Exception(() => run.Send.Complete(sourceEnded: false));
            await cancelling;
            Assert.True(run.Accounting.IsBalanced);
        }

        Assert.False(TargetProfileJournal.Read(Journal).IsComplete);
        _wire.Emulator.Options.ProcessingDelay = TimeSpan.Zero;
        _wire.Emulator.ProcessNow();
        using var again = Send(Journaled());
        Assert.True(again.Accounting.IsComplete);
        Assert.Equal(Math.Min(rows, 10), Fetches);
        Assert.Equal(rows > 10 ? 2 : 1, _wire.Submits.Count());
        Assert.True(TargetProfileJournal.Read(Journal).IsComplete);
    }

    [Fact]
    public void Canary_that_arrives_later_lets_the_same_command_go_on()
    {
        _wire.Emulator.Options.FetchLag = TimeSpan.FromHours(1);
        using (var run = Send(new SendOptions { Canary = 10, CanaryTimeout = TimeSpan.FromMilliseconds(1), JournalPath = Journal }))
            Assert.Equal(ServiceFailureKind.CanaryNotArrived, Assert.IsType<TargetServiceException>(run.Send.Failure).Kind);
        _wire.Emulator.Options.FetchLag = TimeSpan.Zero;
        using var again = Send(Journaled());
        Assert.True(again.Accounting.IsComplete);
        Assert.Equal(2, _wire.Submits.Count());
        Assert.Equal(2, File.ReadAllLines(Journal).Count(line => line.Contains("\"type\":\"compared\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void Canary_with_a_row_that_could_not_be_fetched_is_fetched_again()
    {
        _wire.Play(FaultKind.ServerError, FaultTarget.Fetch, status: 500, times: 2, skip: 9);
        var impatient = _wire.Connect(_wire.Settings(retries: 0));
        using (var run = new Run(_wire, new SendOptions { Canary = 10, CanaryTimeout = TimeSpan.FromMilliseconds(1), JournalPath = Journal }, impatient))
        {
            AddFile(run);
            Assert.Equal(ServiceFailureKind.CanaryNotArrived, Assert.IsType<TargetServiceException>(run.Send.Failure).Kind);
        }

        var fetches = Fetches;
        using var again = Send(Journaled());
        Assert.True(again.Accounting.IsComplete);
        Assert.Equal(10, Fetches - fetches);
        Assert.Equal([("9", "1"), ("10", "0")], File.ReadAllLines(Journal).Select(line => Regex.Match(line, "\"match\":([0-9]+).*\"failed\":([0-9]+)")).Where(match => match.Success).Select(match => (match.Groups[1].Value, match.Groups[2].Value)));
    }

    [Fact]
    public void Canary_of_which_no_row_was_compared_has_not_arrived()
    {
        File.WriteAllText(Csv, "thirdPartyId,a\n..,1\nU1,1\n");
        for (var command = 1; command <= 2; command++)
        {
            using var run = Send(new SendOptions { Canary = 1, CanaryTimeout = TimeSpan.FromMilliseconds(1), JournalPath = Journal });
            Assert.Equal(ServiceFailureKind.CanaryNotArrived, Assert.IsType<TargetServiceException>(run.Send.Failure).Kind);
        }

        Assert.Single(_wire.Submits);
    }

    [Fact]
    public void Complete_run_is_recognised_and_fetches_nothing()
    {
        Send(Journaled()).Dispose();
        var fetches = Fetches;
        using var again = Send(Journaled());
        Assert.NotNull(again.Send.SentBefore);
        Assert.Equal(fetches, Fetches);
    }

    [Fact]
    public void Other_size_of_the_canary_is_another_run()
    {
        _wire.Emulator.Options.ForceStuck = true;
        Send(Journaled()).Dispose();
        var failure = Assert.Throws<JournalException>(() => Send(new SendOptions { Canary = 11, JournalPath = Journal }));
        Assert.Contains("-Canary was '10' and is '11'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_tells_of_the_canary_and_sends_nothing()
    {
        using var run = Send(new SendOptions { Canary = 10, PlanOnly = true });
        Assert.Equal(2, run.Send.Plan.Batches);
        Assert.Contains("The first 10 rows would go alone", run.Send.Plan.ToString(), StringComparison.Ordinal);
        Assert.Empty(_wire.Emulator.Requests);
    }

    private int Fetches => _wire.Emulator.Requests.Count(request => request.Target.Contains("/profiles/thirdPartyId/"));

    private SendOptions Journaled() => new() { Canary = 10, JournalPath = Journal };

    private Run Send(SendOptions? options = null)
    {
        var run = new Run(_wire, options ?? new SendOptions { Canary = 10 });
        AddFile(run);
        return run;
    }

    private void AddFile(Run run)
    {
        run.Send.AddFiles([Csv]);
        run.Send.Complete(sourceEnded: true);
    }

    private static ProfileUpdate Update(string id, string name, string value) =>
        ProfileUpdate.Create(ProfileIdType.ThirdPartyId, id, [new(name, value)], ProfileUpdateMethod.Post, new Profiles.RuleSet([]));
}
