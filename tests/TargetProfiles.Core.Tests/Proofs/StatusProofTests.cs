using System.Globalization;
using TargetProfiles.Emulator;
using TargetProfiles.Sending;
using Xunit.Abstractions;

namespace TargetProfiles.Core.Tests;

/// <summary>What goes wrong behind an accepted batch is found, with the right counts; and where nothing does, nothing is told.</summary>
public sealed class StatusProofTests(ITestOutputHelper output) : IDisposable
{
    private const int Batches = 30;
    private const int BatchRows = 40;

    private static readonly int Runs = int.TryParse(Environment.GetEnvironmentVariable("TARGET_PROOF_STATUS_RUNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var runs) ? runs : 3;

    private readonly JournalRuns _runs = new();

    private EmulatorOptions Service => _runs.Wire.Emulator.Options;

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Ten_statuses_are_kept_of_thirty_batches_and_the_others_have_expired()
    {
        Service.StatusRetentionCount = 10;
        var (states, failures, loss) = SendAndAsk();
        Assert.Equal((20, 10), (states.Count(state => state == BatchProcessingState.Expired), states.Count(state => state == BatchProcessingState.Complete)));
        Assert.Empty(failures);
        Assert.Equal((400, 0), (loss.Rows, loss.Lost));
        Assert.Equal(20, TargetProfileJournal.Read(_runs.Journal).Batches.Count(batch => batch.Outcome == BatchProcessingState.Expired));
    }

    [Fact]
    public async Task Batch_of_minutes_ago_that_is_unknown_at_first_is_asked_for_again()
    {
        using (_runs.Send(_runs.Options(BatchRows), _runs.Write("crm.csv", Run.Numbered(Batches * BatchRows))))
            _runs.Wire.Emulator.ProcessNow();
        Service.StatusRetentionCount = 0;
        Assert.All(Ask(new BatchStatusOptions()), result => Assert.Equal((BatchProcessingState.Unknown, null), (result.Status!.State, result.Failure)));
        Assert.All(TargetProfileJournal.Read(_runs.Journal).Batches, batch => Assert.Null(batch.Outcome));

        using var poller = new BatchStatusPoller(_runs.Wire.Connection, new BatchStatusOptions { Wait = true, PollInterval = TimeSpan.FromMilliseconds(5) });
        poller.AddJournal(TargetProfileJournal.Read(_runs.Journal));
        await Wire.UntilAsync(() => Polls() > 3 * Batches, "batches are asked for again");
        Assert.Equal(Batches, poller.OpenCount);
        Service.StatusRetentionCount = null;
        Complete(poller);
        Assert.All(TargetProfileJournal.Read(_runs.Journal).Batches, batch => Assert.Equal(BatchProcessingState.Complete, batch.Outcome));
    }

    [Fact]
    public void Batch_that_ten_younger_ones_are_known_of_has_expired_once_it_is_old_enough()
    {
        Service.StatusRetentionCount = 0;
        var now = DateTime.UtcNow;
        Assert.Equal(["acme-0"], Expired(number => now.AddMinutes(number - 20)));
    }

    [Fact]
    public void Any_of_eleven_batches_of_one_millisecond_may_have_expired()
    {
        Service.StatusRetentionCount = 0;
        var moment = DateTime.UtcNow.AddMinutes(-20);
        Assert.Equal(ServiceLimits.StatusesKept + 1, Expired(_ => moment).Count());
    }

    [Fact]
    public void Batch_from_the_day_before_has_expired_and_a_younger_one_is_unknown()
    {
        var now = DateTimeOffset.UtcNow;
        using var poller = new BatchStatusPoller(_runs.Wire.Connection, new BatchStatusOptions { Wait = true, UnknownPatience = TimeSpan.Zero });
        poller.Add(new FollowedBatch($"acme-{now.AddHours(-25).ToUnixTimeMilliseconds()}-10000001"));
        poller.Add(new FollowedBatch("acme-1") { SubmittedAt = now.UtcDateTime.AddHours(-25) });
        poller.Add(new FollowedBatch($"acme-{now.AddHours(-23).ToUnixTimeMilliseconds()}-10000002"));
        poller.Complete(() => { });
        var states = new Dictionary<string, (BatchProcessingState, bool)>();
        while (poller.TryTake(out var result))
            states[result!.BatchId] = (result.Status!.State, result.IsSuccess);
        Assert.Equal((BatchProcessingState.Expired, true), states["acme-1"]);
        Assert.Equal([(BatchProcessingState.Unknown, false), (BatchProcessingState.Expired, true), (BatchProcessingState.Expired, true)], states.Values.Order());
    }

    [Fact]
    public void Lost_rows_are_counted_and_tell_an_alarm()
    {
        Service.LossRate = 0.02;
        Service.LossInCounts = true;
        var (states, _, loss) = SendAndAsk();
        Assert.All(states, state => Assert.Equal(BatchProcessingState.Complete, state));
        var kept = _runs.StoredIds.Count();
        Assert.InRange(kept, 1, Batches * BatchRows - 1);
        Assert.Equal((Batches * BatchRows, Batches * BatchRows - kept, true), (loss.Rows, loss.Lost, loss.IsAboveMaximum));
    }

    [Fact]
    public void One_row_in_a_thousand_is_reported_and_no_alarm()
    {
        var loss = new LostRows(LostRows.UsualRate);
        loss.Add(new TargetBatchStatus("acme-1-1", null, BatchProcessingState.Complete, "complete") { Rows = 37_000, SuccessfulUpdates = 36_960, ProfilesNotFound = 2, FailedUpdates = 1 });
        Assert.Equal((37_000, 37, false), (loss.Rows, loss.Lost, loss.IsAboveMaximum));
        loss.Add(new TargetBatchStatus("acme-1-2", null, BatchProcessingState.Complete, "complete") { Rows = 100, SuccessfulUpdates = 99 });
        Assert.True(loss.IsAboveMaximum);
    }

    [Fact]
    public void Stuck_batches_and_delays_are_found()
    {
        Service.StuckBatches = 3;
        Service.ProcessingDelay = TimeSpan.FromMilliseconds(300);
        var (states, failures, loss) = SendAndAsk();
        Assert.Equal((3, Batches - 3), (states.Count(state => state == BatchProcessingState.Stuck), states.Count(state => state == BatchProcessingState.Complete)));
        Assert.Empty(failures);
        Assert.Equal(0, loss.Lost);
    }

    [Fact]
    public async Task Oldest_batch_is_asked_for_first_whatever_the_order_of_adding()
    {
        using (_runs.Send(_runs.Options(BatchRows), _runs.Write("crm.csv", Run.Numbered(Batches * BatchRows))))
            _runs.Wire.Emulator.ProcessNow();
        // By age, not by number: uploads overtake each other. Of those of one moment, the first that is added counts as the oldest.
        var added = TargetProfileJournal.Read(_runs.Journal).Batches.OrderByDescending(batch => batch.SubmittedAt).ToList();
        var byAge = added.OrderBy(batch => batch.SubmittedAt).ToList();
        using var poller = new BatchStatusPoller(_runs.Wire.Connection, new BatchStatusOptions { Wait = true });
        using (ShutGate(_runs.Wire.Connection))
        {
            foreach (var batch in added)
                poller.Add(FollowedBatch.Of(batch));
        }

        await Task.Run(() => poller.Complete(() => { })).WaitAsync(Wire.Patience);
        var asked = _runs.Wire.Emulator.Requests.Where(request => request.Target.Contains("batchStatus")).Select(request => byAge.FindIndex(batch => request.Target.Contains(batch.BatchId!))).ToList();
        Assert.Equal(Enumerable.Range(0, Batches), asked.Order());
        // Four may be on their way at a time: a question overtakes three others at most, however slow these are.
        Assert.All(asked.Select((age, place) => age - place), early => Assert.InRange(early, -Batches, 3));
    }

    [Fact]
    public void Nothing_is_told_where_all_goes_well()
    {
        for (var i = 0; i < Runs; i++)
        {
            using var runs = new JournalRuns();
            runs.Wire.Emulator.Options.ProcessingDelay = TimeSpan.FromMilliseconds(20);
            runs.Wire.Emulator.Options.Seed = i + 1;
            var (states, failures, loss) = SendAndAsk(runs);
            Assert.All(states, state => Assert.Equal(BatchProcessingState.Complete, state));
            Assert.Empty(failures);
            Assert.Equal((Batches * BatchRows, 0, false), (loss.Rows, loss.Lost, loss.IsAboveMaximum));
            Assert.Equal(0, FailedRows.Write(runs.Journal, [], Path.Combine(runs.Folder, "failed.csv"), default).Rows);
        }

        output.WriteLine($"{Runs} runs of {Batches} batches, no alarm.");
    }

    private (List<BatchProcessingState> States, List<Exception> Failures, LostRows Loss) SendAndAsk() => SendAndAsk(_runs);

    private static (List<BatchProcessingState> States, List<Exception> Failures, LostRows Loss) SendAndAsk(JournalRuns runs)
    {
        using (runs.Send(runs.Options(BatchRows), runs.Write("crm.csv", Run.Numbered(Batches * BatchRows))))
        using (var poller = new BatchStatusPoller(runs.Wire.Connection, new BatchStatusOptions { Wait = true, PollInterval = TimeSpan.FromMilliseconds(20), UnknownPatience = TimeSpan.FromMilliseconds(100) }))
        {
            Assert.Equal(Batches, poller.AddJournal(TargetProfileJournal.Read(runs.Journal)).Count);
            Complete(poller);
            var (states, failures) = (new List<BatchProcessingState>(), new List<Exception>());
            while (poller.TryTake(out var result))
            {
                states.Add(result!.Status!.State);
                if (result.Failure is not null)
                    failures.Add(result.Failure);
            }

            Assert.Null(poller.JournalFailure);
            Assert.DoesNotContain(TargetProfileJournal.Read(runs.Journal).Batches, batch => batch.Outcome is null);
            return (states, failures, poller.Loss);
        }
    }

    private List<BatchStatusResult> Ask(BatchStatusOptions options)
    {
        using var poller = new BatchStatusPoller(_runs.Wire.Connection, options);
        poller.AddJournal(TargetProfileJournal.Read(_runs.Journal));
        Complete(poller);
        return Taken(poller);
    }

    private static List<BatchStatusResult> Taken(BatchStatusPoller poller)
    {
        var results = new List<BatchStatusResult>();
        while (poller.TryTake(out var result))
            results.Add(result!);
        return results;
    }

    private IEnumerable<string> Expired(Func<int, DateTime> submittedAt)
    {
        using var poller = new BatchStatusPoller(_runs.Wire.Connection, new BatchStatusOptions());
        // All are known before the first is asked for.
        using (ShutGate(_runs.Wire.Connection))
        {
            for (var i = 0; i <= ServiceLimits.StatusesKept; i++)
                poller.Add(new FollowedBatch($"acme-{i}") { SubmittedAt = submittedAt(i) });
        }

        Complete(poller);
        return Taken(poller).Where(result => result.Status!.State == BatchProcessingState.Expired).Select(result => result.BatchId);
    }

    /// <summary>Takes the only turn that there is, until it is disposed.</summary>
    private static CallBudget.Turn ShutGate(TargetConnection connection)
    {
        var budget = CallBudget.For(connection);
        Assert.Equal(TimeSpan.Zero, budget.TryTake(isSubmit: false, out var turn));
        turn!.Shut(TimeSpan.Zero);
        Assert.Equal(TimeSpan.Zero, budget.TryTake(isSubmit: false, out var probe));
        return probe!;
    }

    private int Polls() => _runs.Wire.Emulator.Requests.Count(request => request.Target.Contains("batchStatus"));

    private static void Complete(BatchStatusPoller poller) => Assert.True(Task.Run(() => poller.Complete(() => { })).Wait(Wire.Patience));
}
