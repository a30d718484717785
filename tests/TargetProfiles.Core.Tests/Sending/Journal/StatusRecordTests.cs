using TargetProfiles.Sending;
using TargetProfiles.Sending.Journal;

namespace TargetProfiles.Core.Tests;

/// <summary>Final statuses stand in the journal, so that nobody is asked twice.</summary>
public sealed class StatusRecordTests : IDisposable
{
    private readonly JournalRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Final_statuses_are_recorded_with_their_counts_and_not_asked_for_again()
    {
        using (_runs.Send(null, _runs.Write("crm.csv", Run.Numbered(25))))
            _runs.Wire.Emulator.ProcessNow();
        Assert.Equal(3, Ask().Count);
        Assert.Equal([10, 10, 5], Ask().Select(result => result.Status!.SuccessfulUpdates!.Value));
        Assert.Equal(3, Polls());
        var journal = TargetProfileJournal.Read(_runs.Journal);
        Assert.True(journal.IsComplete);
        Assert.NotNull(journal.EndedAt);
        Assert.Equal([10, 10, 5], journal.Batches.Select(batch => batch.Status!.SuccessfulUpdates!.Value));
        Assert.All(journal.Batches, batch => Assert.Equal(
            (BatchProcessingState.Complete, "complete", batch.BatchId, 0, _runs.Journal),
            (batch.Outcome, batch.Status!.RawStatus, batch.Status.BatchId, batch.Status.LostRows, batch.JournalPath)));
        Assert.DoesNotContain("U1", File.ReadAllText(_runs.Journal));
    }

    [Fact]
    public void Same_command_is_still_known_to_be_complete_and_goes_on_after_statuses()
    {
        var file = _runs.Write("crm.csv", Run.Numbered(25));
        _runs.SendUntil(2, _runs.Options(), file);
        _runs.Wire.Emulator.ProcessNow();
        Assert.All(Ask(), result => Assert.True(result.IsSuccess));
        using (var rest = _runs.Send(null, file))
            Assert.True(rest.Accounting.IsComplete);
        Assert.Equal(3, _runs.Bodies.Distinct().Count());
        _runs.Wire.Emulator.ProcessNow();
        Ask();
        using var again = _runs.Send(null, file);
        Assert.NotNull(again.Send.SentBefore);
        Assert.All(TargetProfileJournal.Read(_runs.Journal).Batches, batch => Assert.Equal(BatchProcessingState.Complete, batch.Outcome));
    }

    [Fact]
    public void What_is_not_final_is_asked_for_again()
    {
        using (_runs.Send(null, _runs.Write("crm.csv", Run.Numbered(25))))
            _runs.Wire.Emulator.Options.StatusRetentionCount = 0;
        Assert.All(Ask(), result => Assert.Equal(BatchProcessingState.Unknown, result.Status!.State));
        Assert.All(TargetProfileJournal.Read(_runs.Journal).Batches, batch => Assert.Null(batch.Outcome));
        Assert.Equal(3, Ask().Count);
    }

    // On Unix, only the build for .NET can look at a file that is locked; the other one is for Windows PowerShell.
#if !NETSTANDARD_BUILD
    [Fact]
    public void Run_that_goes_on_records_statuses_meanwhile()
    {
        using var run = new Run(_runs.Wire, _runs.Options());
        using var poller = new BatchStatusPoller(_runs.Wire.Connection, new BatchStatusOptions());
        run.Send.AddCsv(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Run.Numbered(25))), "crm.csv");
        while (run.Batches.Count == 0)
            run.Send.AddCsv(new MemoryStream("thirdPartyId,a\n"u8.ToArray()), "empty.csv");
        _runs.Wire.Emulator.ProcessNow();
        poller.Add(FollowedBatch.Of(run.Batches[0]));
        poller.Complete(() => { });
        Assert.Null(poller.JournalFailure);
        Assert.Equal(BatchProcessingState.Complete, TargetProfileJournal.Read(_runs.Journal).Batches[0].Outcome);
        run.Send.Complete(sourceEnded: true);
        Assert.True(TargetProfileJournal.Read(_runs.Journal).IsComplete);
    }

    [Fact]
    public void Journal_that_another_process_has_open_keeps_nobody_waiting_and_the_statuses_are_told()
    {
        using (_runs.Send(null, _runs.Write("crm.csv", Run.Numbered(25))))
            _runs.Wire.Emulator.ProcessNow();
        using (JournalFile.Open(_runs.Journal, Files.FileStore.Disk, out _))
        {
            var results = Ask(out var failure);
            Assert.All(results, result => Assert.True(result.IsSuccess));
            Assert.Contains("3 batches is not in the journal", failure);
        }

        Assert.Equal(3, Ask().Count);
    }
#endif

    [Fact]
    public void What_went_wrong_is_told_as_often_as_it_is_asked()
    {
        _runs.Wire.Emulator.Options.ForceStuck = true;
        using (_runs.Send(null, _runs.Write("crm.csv", Run.Numbered(25))))
            _runs.Wire.Emulator.ProcessNow();
        for (var i = 0; i < 2; i++)
            Assert.Equal([BatchProcessingState.Stuck, BatchProcessingState.Stuck, BatchProcessingState.Stuck], Ask().Select(result => result.Status!.State));
        Assert.Equal(3, Polls());
    }

    [Fact]
    public void Rows_that_were_listed_as_failed_are_not_lost_when_they_are_read_again()
    {
        var status = new TargetBatchStatus("acme-1-1", null, BatchProcessingState.CompleteWithFailures, "complete") { Rows = 10, SuccessfulUpdates = 8, FailedIds = ["U1", "U2"] };
        var accepted = new OutcomeRecord(1, 0, 10, 100, BatchState.Accepted, DateTime.UtcNow, 1, "V2", "acme-1-1", null, null);
        Assert.Equal((0, 0), (status.LostRows, StatusRecord.Of(1, 0, status).StatusOf(accepted, null).LostRows));
    }

    [Fact]
    public void Status_of_a_batch_that_the_journal_does_not_hold_is_passed_over()
    {
        using (_runs.Send(null, _runs.Write("crm.csv", Run.Numbered(5))))
            _runs.Wire.Emulator.ProcessNow();
        var before = File.ReadAllText(_runs.Journal);
        StatusJournal.Add(_runs.Journal, [new TargetBatchStatus("acme-1-1", null, BatchProcessingState.Stuck, "stuck")], Files.FileStore.Disk);
        Assert.Equal(before, File.ReadAllText(_runs.Journal));
    }

    private List<BatchStatusResult> Ask() => Ask(out _);

    private List<BatchStatusResult> Ask(out string? failure)
    {
        using var poller = new BatchStatusPoller(_runs.Wire.Connection, new BatchStatusOptions());
        poller.AddJournal(TargetProfileJournal.Read(_runs.Journal));
        Assert.True(Task.Run(() => poller.Complete(() => { })).Wait(Wire.Patience));
        failure = poller.JournalFailure;
        var results = new List<BatchStatusResult>();
        while (poller.TryTake(out var result))
            results.Add(result!);
        return results;
    }

    private int Polls() => _runs.Wire.Emulator.Requests.Count(request => request.Target.Contains("batchStatus"));
}
