using TargetProfiles.Emulator;
using TargetProfiles.Service;

namespace TargetProfiles.Core.Tests;

/// <summary>Faults on the wire under a whole run: every row has one outcome, and it is the true one.</summary>
public sealed class RunFaultTests : IDisposable
{
    // On a machine that is busy elsewhere a sound try may reach it too, and is sent again like the others.
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(700);

    private readonly Wire _wire = new();

    public void Dispose() => _wire.Dispose();

    public static TheoryData<FaultKind, int, bool?> EveryFault()
    {
        var cases = new TheoryData<FaultKind, int, bool?>();
        foreach (var kind in Enum.GetValues<FaultKind>().Except([FaultKind.StallAfterBytes, FaultKind.DelayedReply]))
            cases.Add(kind, 503, null);
        foreach (var status in new[] { 400, 403, 404, 408, 413, 429, 500, 502, 504 })
        {
            cases.Add(FaultKind.ServerError, status, null);
            cases.Add(FaultKind.EarlyReply, status, null);
        }

        foreach (var status in new[] { 500, 502, 504 })
            cases.Add(FaultKind.ServerError, status, true);
        return cases;
    }

    [Theory]
    [MemberData(nameof(EveryFault))]
    public void One_fault_in_the_middle_of_a_run_loses_no_row_and_invents_none(FaultKind kind, int status, bool? applied)
    {
        _wire.Play(kind, status: status, afterBytes: 5, applied: applied, replyBytes: 2_000_000, skip: kind == FaultKind.RefuseConnection ? 0 : 1);
        using var run = new Run(_wire, new SendOptions { Limits = new BatchLimits(rows: 10), ThrottleLimit = 1 });
        run.SendCsv(Run.Numbered(50));
        run.Balances();

        var repeated = status is not (400 or 403 or 404 or 413) && kind is not (FaultKind.Redirect or FaultKind.SuccessFalse);
        if (repeated)
        {
            Assert.Equal((50, 50), (run.Accounting.Read, run.Accounting.Accepted));
            Assert.True(run.Accounting.IsComplete);
            Assert.Null(run.Send.Failure);
            Assert.Contains(run.Warnings, text => text.Contains("tried again"));
            Assert.Equal(6, run.Batches.Sum(batch => batch.Attempts));
        }
        else if (status == 413)
        {
            Assert.Equal((50, 6), (run.Accounting.Accepted, run.Batches.Count));
            Assert.Contains(run.Warnings, text => text.Contains("two halves"));
        }
        else if (kind == FaultKind.SuccessFalse || status == 404)
        {
            Assert.Equal((40, 10), (run.Accounting.Accepted, run.Accounting.Refused));
            Assert.Null(run.Send.Failure);
        }
        else
        {
            Assert.Equal(BatchState.NotSent, run.Batches[1].State);
            Assert.NotNull(run.Send.Failure);
            Assert.True(_wire.Submits.Count() <= 3, "no further call");
        }
    }

    [Theory]
    [MemberData(nameof(EveryFault))]
    public void A_fault_that_stays_ends_the_run_with_every_row_accounted_for(FaultKind kind, int status, bool? applied)
    {
        _wire.Play(kind, status: status, afterBytes: 5, applied: applied, times: 0, replyBytes: 2_000_000);
        using var run = new Run(_wire, new SendOptions { Limits = new BatchLimits(rows: 10), ThrottleLimit = 1 }, _wire.Connect(_wire.Settings(retries: 1)));
        run.SendCsv(Run.Numbered(100));
        Assert.NotNull(run.Send.Failure);
        Assert.Equal(0, run.Accounting.Accepted);
        Assert.False(run.Accounting.IsComplete);
        run.Balances(run.Batches.Where(batch => batch.State == BatchState.Uncertain).SelectMany(Run.Ids));
    }

    [Fact]
    public void Random_faults_at_any_time_keep_the_books_true()
    {
        foreach (var (kind, status) in new[] { (FaultKind.ServerError, 503), (FaultKind.ServerError, 500), (FaultKind.ResetAfterBytes, 0), (FaultKind.ApplyAndClose, 0), (FaultKind.TruncatedReply, 0), (FaultKind.SuccessFalse, 0), (FaultKind.RefuseConnection, 0) })
            _wire.Emulator.Faults.Add(new WireFault { Kind = kind, On = FaultTarget.Submit, StatusCode = status, Times = 0, Probability = 0.08, AfterBytes = 3 });
        using var run = new Run(_wire, new SendOptions { Limits = new BatchLimits(rows: 7), ThrottleLimit = 4 }, _wire.Connect(_wire.Settings(retries: 6)));
        run.SendCsv(Run.Numbered(700));
        run.Balances(run.Batches.Where(batch => batch.State == BatchState.Uncertain).SelectMany(Run.Ids));
        Assert.InRange(run.Accounting.Accepted, 1, 700);
    }

    [Fact]
    public void Batch_that_may_have_been_taken_before_it_was_refused_is_uncertain()
    {
        _wire.Play(FaultKind.ApplyAndClose);
        _wire.Play(FaultKind.SuccessFalse);
        using var run = new Run(_wire);
        run.SendCsv(Run.Numbered(3));
        Assert.Equal(BatchState.Uncertain, run.Batches.Single().State);
        run.Balances(["U1", "U2", "U3"]);
    }

    [Fact]
    public void Applied_batch_without_reply_is_sent_again_byte_for_byte()
    {
        _wire.Play(FaultKind.ApplyAndClose);
        using var run = new Run(_wire);
        run.SendCsv(Run.Numbered(3));
        run.Balances();
        Assert.Equal(2, _wire.Emulator.Batches.Count);
        Assert.Equal([run.Batches[0].Sha256, run.Batches[0].Sha256], _wire.Submits.Select(request => request.BodySha256));
        Assert.Equal((BatchState.Accepted, 2), (run.Batches[0].State, run.Batches[0].Attempts));
    }

    [Fact]
    public void Three_refusals_in_a_row_stop_the_run_and_two_do_not()
    {
        _wire.Play(FaultKind.SuccessFalse, times: 2);
        _wire.Play(FaultKind.SuccessFalse, times: 3, skip: 1);
        using var run = new Run(_wire, new SendOptions { Limits = new BatchLimits(rows: 1), ThrottleLimit = 1 });
        run.SendCsv(Run.Numbered(5_000));
        run.Balances();
        Assert.Equal([BatchState.Refused, BatchState.Refused, BatchState.Accepted, BatchState.Refused, BatchState.Refused, BatchState.Refused], run.Batches.Take(6).Select(batch => batch.State));
        Assert.Equal(6, _wire.Submits.Count());
        Assert.False(run.Send.CanContinue);
        Assert.False(run.Accounting.SourceEnded);
        Assert.Equal(ServiceFailureKind.Refused, Assert.IsType<TargetServiceException>(run.Send.Failure).Kind);
    }

    [Fact]
    public async Task Early_503_to_a_large_upload_is_seen_as_such_and_the_body_is_not_sent()
    {
        using var batch = Wire.LargeBatch(20_000_000);
        _wire.Play(FaultKind.EarlyReply, status: 503, retryAfter: "7");
        var written = 0L;
        var reply = await _wire.Client.SubmitBatchAsync(batch, ProfileApiVersion.V2, bytes => Interlocked.Add(ref written, bytes), default).WaitAsync(Wire.Patience);
        Assert.Equal((SubmitOutcome.NotAccepted, ServiceFailureKind.Throttled), (reply.Outcome, reply.Failure!.Kind));
        Assert.Equal(TimeSpan.FromSeconds(7), reply.Failure.RetryAfter);
        Assert.Equal((0L, 0L), (written, _wire.Submits.Single().BodyLength));
    }

    [Fact]
    public void Throttled_large_batch_crosses_the_wire_once()
    {
        _wire.Play(FaultKind.EarlyReply, status: 503, retryAfter: "0", times: 2);
        using var run = new Run(_wire);
        run.SendCsv(Run.Numbered(100, valueLength: 30_000));
        run.Balances();
        Assert.Equal([0L, 0L, run.Batches[0].Bytes], _wire.Submits.Select(request => request.BodyLength));
        Assert.Equal(run.Batches[0].Bytes, run.Send.Progress.BytesSent);
        Assert.Equal(3, run.Batches[0].Attempts);
    }

    [Theory]
    [InlineData(FaultKind.ResetAfterBytes)]
    [InlineData(FaultKind.StallAfterBytes)]
    public void Upload_that_breaks_or_stalls_midway_is_sent_again(FaultKind kind)
    {
        _wire.Play(kind, afterBytes: 1_000_000);
        using var run = new Run(_wire, connection: _wire.Connect(_wire.Settings(operationTimeout: Soon, retries: 20)));
        run.SendCsv(Run.Numbered(600, valueLength: 30_000));
        run.Balances();
        Assert.Equal(600, run.Accounting.Accepted);
        Assert.InRange(run.Batches.Single().Attempts, 2, 21);
        var bodies = _wire.Submits.Select(request => request.BodySha256).ToList();
        Assert.Equal((null, run.Batches[0].Sha256), (bodies[0], bodies[^1]));
    }

    [Fact]
    public void Reply_that_never_comes_is_uncertain_and_the_batch_is_sent_again()
    {
        _wire.Play(FaultKind.DelayedReply, delay: TimeSpan.FromMinutes(5));
        using var run = new Run(_wire, connection: _wire.Connect(_wire.Settings(replyTimeout: Soon, retries: 20)));
        run.SendCsv(Run.Numbered(3));
        run.Balances();
        Assert.InRange(run.Batches.Single().Attempts, 2, 21);
    }

    [Fact]
    public void Row_that_vanished_from_a_body_or_came_twice_is_caught_and_nothing_of_it_is_sent()
    {
        foreach (var rows in new[] { "U1,x\n", "U1,x\nU1,x\nU2,y\n" })
        {
            using var queue = new QueueOfOne(_wire);
            var batch = queue.Send(rows, claimed: 2);
            Assert.Equal((BatchState.NotSent, 2), (batch.State, batch.Rows));
            Assert.Contains("should hold 2", batch.Message);
            Assert.IsType<InvalidOperationException>(queue.Failure);
        }

        Assert.Empty(_wire.Submits);
    }
}
