using System.Diagnostics;
using TargetProfiles.Emulator;
using TargetProfiles.Files;
using TargetProfiles.Sending;

namespace TargetProfiles.Core.Tests;

public sealed class BatchStatusPollerTests : IDisposable
{
    private readonly Wire _wire = new();

    public void Dispose() => _wire.Dispose();

    [Fact]
    public async Task Without_waiting_each_batch_is_asked_for_once()
    {
        _wire.Emulator.Options.ProcessingDelay = TimeSpan.FromDays(1);
        var batch = await _wire.SubmitAsync();
        var result = Assert.Single(Statuses(new BatchStatusOptions { Detailed = true }, batch.BatchId!));
        Assert.Equal((BatchProcessingState.Incomplete, batch.BatchId), (result.Status!.State, result.BatchId));
        Assert.Null(result.Failure);
        Assert.Equal(1, Polls());
    }

    [Fact]
    public async Task Waiting_ends_when_the_service_is_done_and_results_come_while_others_wait()
    {
        _wire.Emulator.Options.ProcessingDelay = TimeSpan.Zero;
        var first = await _wire.SubmitAsync();
        _wire.Emulator.ProcessNow();
        _wire.Emulator.Options.ProcessingDelay = TimeSpan.FromDays(1);
        var second = await _wire.SubmitAsync("U2,y\n");
        using var poller = new BatchStatusPoller(_wire.Connection, Quick());
        poller.Add(second.BatchId!, second.StatusUri, null);
        poller.Add(first.BatchId!, null, DateTime.UtcNow);

        BatchStatusResult? done = null;
        await Wire.UntilAsync(() => poller.TryTake(out done), "the processed batch has its result");
        await Wire.UntilAsync(() => poller.OpenCount == 1, "the processed batch is waited for no more");
        Assert.Equal((first.BatchId, BatchProcessingState.Complete, 1), (done!.BatchId, done.Status!.State, poller.OpenCount));
        Assert.NotNull(done.Status.SubmittedAt);

        var asked = Polls();
        await Wire.UntilAsync(() => Polls() >= asked + 2, "the other is asked for again");
        _wire.Emulator.ProcessNow();
        await Task.Run(() => poller.Complete(() => { })).WaitAsync(Wire.Patience);
        Assert.True(poller.TryTake(out var last));
        Assert.Equal((second.BatchId, BatchProcessingState.Complete, 0), (last!.BatchId, last.Status!.State, poller.OpenCount));
        Assert.False(poller.TryTake(out _));
    }

    [Fact]
    public async Task Many_batches_all_get_their_own_result()
    {
        var ids = new List<string>();
        for (var i = 0; i < 60; i++)
            ids.Add((await _wire.SubmitAsync($"U{i},x\n")).BatchId!);
        _wire.Emulator.ProcessNow();
        var results = Statuses(Quick(), [.. ids]);
        Assert.Equal(ids.Order(), results.Select(result => result.BatchId).Order());
        Assert.All(results, result => Assert.Equal(BatchProcessingState.Complete, result.Status!.State));
    }

    [Fact]
    public async Task Batch_that_is_not_done_in_time_is_told_with_its_last_status()
    {
        _wire.Emulator.Options.ProcessingDelay = TimeSpan.FromDays(1);
        var batch = await _wire.SubmitAsync();
        // Time for many answers, however slow the machine is just now.
        var clock = Stopwatch.StartNew();
        Statuses(new BatchStatusOptions { Detailed = true }, batch.BatchId!);
        var result = Assert.Single(Statuses(Quick(timeout: TimeSpan.FromTicks(20 * clock.Elapsed.Ticks)), batch.BatchId!));
        var failure = Assert.IsType<TargetServiceException>(result.Failure);
        Assert.Equal((ServiceFailureKind.TimedOut, BatchProcessingState.Incomplete), (failure.Kind, result.Status!.State));
        Assert.Contains("'incomplete'", failure.Message);
    }

    [Fact]
    public void Batch_that_stays_unknown_ends_the_wait_with_a_failure()
    {
        var options = new BatchStatusOptions { Wait = true, PollInterval = TimeSpan.FromMilliseconds(5), UnknownPatience = TimeSpan.FromSeconds(1) };
        var result = Assert.Single(Statuses(options, "acme-1-1"));
        Assert.Equal(BatchProcessingState.Unknown, result.Status!.State);
        Assert.Equal(ServiceFailureKind.BatchUnknown, Assert.IsType<TargetServiceException>(result.Failure).Kind);
        Assert.InRange(Polls(), 2, 1000);
    }

    [Fact]
    public async Task Batch_that_nobody_knows_yet_is_asked_for_again()
    {
        _wire.Emulator.Options.UnknownBatchIsNotFound = true;
        using (var poller = new BatchStatusPoller(_wire.Connection, Quick()))
        {
            poller.Add("acme-1-1", null, null);
            await Wire.UntilAsync(() => Polls() >= 4, "it is asked for again and again");
            Assert.Equal(1, poller.OpenCount);
            Assert.False(poller.TryTake(out _));
        }

        var result = Assert.Single(Statuses(Quick(timeout: TimeSpan.FromMilliseconds(200)), "acme-1-1"));
        Assert.Equal(ServiceFailureKind.TimedOut, Assert.IsType<TargetServiceException>(result.Failure).Kind);
    }

    [Theory]
    [InlineData(FaultKind.ServerError)]
    [InlineData(FaultKind.DelayedReply)]
    public async Task Time_limit_holds_whatever_the_service_does(FaultKind kind)
    {
        var batch = await _wire.SubmitAsync();
        _wire.Play(kind, FaultTarget.Status, times: 0, status: 503, delay: TimeSpan.FromMinutes(9));
        var result = await Task.Run(() => Assert.Single(Statuses(Quick(timeout: TimeSpan.FromMilliseconds(200)), batch.BatchId!))).WaitAsync(Wire.Patience);
        Assert.Equal(ServiceFailureKind.TimedOut, Assert.IsType<TargetServiceException>(result.Failure).Kind);
    }

    [Fact]
    public async Task Batch_that_gets_no_answer_does_not_hold_up_the_others()
    {
        var batch = await _wire.SubmitAsync();
        _wire.Emulator.ProcessNow();
        _wire.Play(FaultKind.DelayedReply, FaultTarget.Status, times: 1, delay: TimeSpan.FromMinutes(9));
        using var poller = new BatchStatusPoller(_wire.Connection, Quick());
        poller.Add("acme-1-1", null, null);
        await Wire.UntilAsync(() => _wire.Emulator.Faults.Count == 0, "the first question hangs");
        poller.Add(batch.BatchId!, null, null);
        BatchStatusResult? done = null;
        await Wire.UntilAsync(() => poller.TryTake(out done), "the other batch has its result");
        Assert.Equal(batch.BatchId, done!.BatchId);
    }

    [Fact]
    public async Task Stuck_is_final()
    {
        _wire.Emulator.Options.ForceStuck = true;
        var batch = await _wire.SubmitAsync();
        _wire.Emulator.ProcessNow();
        Assert.Equal(BatchProcessingState.Stuck, Assert.Single(Statuses(Quick(), batch.BatchId!)).Status!.State);
    }

    [Theory]
    [InlineData(FaultKind.ServerError, 503)]
    [InlineData(FaultKind.ServerError, 500)]
    [InlineData(FaultKind.MalformedXml, 0)]
    [InlineData(FaultKind.ApplyAndClose, 0)]
    public async Task Passing_fault_is_survived(FaultKind kind, int status)
    {
        var batch = await _wire.SubmitAsync();
        _wire.Emulator.ProcessNow();
        _wire.Play(kind, FaultTarget.Status, times: 5, status: status);
        Assert.Equal(BatchProcessingState.Complete, Assert.Single(Statuses(Quick(), batch.BatchId!)).Status!.State);
        Assert.Equal(6, Polls());
    }

    [Fact]
    public void Lasting_fault_is_told_and_does_not_hold_up_the_others()
    {
        _wire.Play(FaultKind.ServerError, FaultTarget.Status, status: 403);
        var options = new BatchStatusOptions { Wait = true, PollInterval = TimeSpan.FromMilliseconds(5), UnknownPatience = TimeSpan.FromMilliseconds(50) };
        var failures = Statuses(options, "acme-1-1", "acme-1-2").Select(result => ((TargetServiceException)result.Failure!).Kind);
        Assert.Equal([ServiceFailureKind.TokenRejected, ServiceFailureKind.BatchUnknown], failures.Order());
    }

    [Fact]
    public async Task Cancelling_ends_the_call_under_way_and_begins_no_other()
    {
        _wire.Play(FaultKind.DelayedReply, FaultTarget.Status, delay: TimeSpan.FromMinutes(9), times: 0);
        var poller = new BatchStatusPoller(_wire.Connection, Quick());
        poller.Add("acme-1-1", null, null);
        poller.Add("acme-1-2", null, null);
        var owner = Task.Run(() => poller.Complete(() => { }));
        poller.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => owner.WaitAsync(Wire.Patience));
        await Task.Run(poller.Dispose).WaitAsync(Wire.Patience);
        poller.Cancel();
        Assert.InRange(Polls(), 0, 2);
    }

    [Fact]
    public async Task Journal_that_another_process_holds_is_waited_for_once_and_not_by_each_batch()
    {
        var journal = new HeldStore();
        using var poller = new BatchStatusPoller(_wire.Connection, new BatchStatusOptions { Files = journal });
        await AddProcessedAsync(poller, 30);
        await Wire.UntilAsync(() => poller.OpenCount == 0, "every batch has its result");
        Assert.Equal(30, journal.Tries);
        await Task.Run(() => poller.Complete(() => { })).WaitAsync(Wire.Patience);
        Assert.InRange(journal.Tries, 31, 59);
        Assert.Contains("30 batches is not in the journal", poller.JournalFailure);
    }

    [Fact]
    public async Task Cancelling_does_not_wait_for_a_journal_that_another_process_holds()
    {
        var journal = new HeldStore();
        using var poller = new BatchStatusPoller(_wire.Connection, new BatchStatusOptions { Files = journal });
        await AddProcessedAsync(poller, 5);
        await Wire.UntilAsync(() => poller.OpenCount == 0, "every batch has its result");
        poller.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(() => poller.Complete(() => { })).WaitAsync(Wire.Patience));
        Assert.InRange(journal.Tries, 5, 6);
    }

    [Fact]
    public async Task Disposing_an_idle_poller_returns()
    {
        var poller = new BatchStatusPoller(_wire.Connection, Quick());
        await Task.Run(poller.Dispose).WaitAsync(Wire.Patience);
        Assert.Empty(_wire.Emulator.Requests);
    }

    private async Task AddProcessedAsync(BatchStatusPoller poller, int batches)
    {
        var ids = new List<string>();
        for (var i = 0; i < batches; i++)
            ids.Add((await _wire.SubmitAsync($"U{i},x\n")).BatchId!);
        _wire.Emulator.ProcessNow();
        foreach (var id in ids)
            poller.Add(new FollowedBatch(id) { JournalPath = "run.journal" });
    }

    private static BatchStatusOptions Quick(TimeSpan? timeout = null) =>
        new() { Wait = true, PollInterval = TimeSpan.FromMilliseconds(5), Timeout = timeout ?? TimeSpan.FromHours(1) };

    private List<BatchStatusResult> Statuses(BatchStatusOptions options, params string[] ids)
    {
        using var poller = new BatchStatusPoller(_wire.Connection, options);
        foreach (var id in ids)
            poller.Add(id, null, null);
        Assert.True(Task.Run(() => poller.Complete(() => { })).Wait(Wire.Patience));
        var results = new List<BatchStatusResult>();
        while (poller.TryTake(out var result))
            results.Add(result!);
        return results;
    }

    private int Polls() => _wire.Emulator.Requests.Count(request => request.Target.Contains("batchStatus"));

    /// <summary>Files that another process has open all the time.</summary>
    private sealed class HeldStore : FileStore
    {
        private int _tries;

        public int Tries => Volatile.Read(ref _tries);

        public override bool Exists(string path) => true;

        public override DurableFile OpenExclusively(string path)
        {
            Interlocked.Increment(ref _tries);
            throw new IOException("in use");
        }

        public override void Move(string path, string newPath) => throw new IOException("in use");
    }
}
