using TargetProfiles.Emulator;
using TargetProfiles.Sending;

namespace TargetProfiles.Core.Tests;

/// <summary>Runs alone: the count of live runs is the whole process's.</summary>
[CollectionDefinition(nameof(CancelTests), DisableParallelization = true)]
#pragma warning disable CA1515, CA1052 // xunit wants it so.
public sealed class CancelTestsAlone;
#pragma warning restore CA1515, CA1052

[Collection(nameof(CancelTests))]
public sealed class CancelTests : IDisposable
{
    private static readonly TimeSpan Never = TimeSpan.FromMinutes(9);
    // An account of its own: its gate stays shut, and another test may get the same port.
    private readonly Wire _wire = new(new EmulatorOptions { ClientCode = $"c{Guid.NewGuid():N}" });
    private readonly TaskCompletionSource _retries = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose() => _wire.Dispose();

    [Theory]
    [InlineData(5)]
    [InlineData(500)]
    public async Task While_the_gate_is_shut(int rows)
    {
        _wire.Play(FaultKind.ServerError, status: 503, retryAfter: "500", times: 0);
        await CancelledAsync(rows, () => _retries.Task, 1, BatchState.NotSent);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(500)]
    public async Task While_waiting_to_try_again(int rows)
    {
        _wire.Play(FaultKind.ServerError, status: 500, times: 0);
        await CancelledAsync(rows, () => _retries.Task, 1, BatchState.Uncertain);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(500)]
    public async Task While_the_reply_is_awaited(int rows)
    {
        _wire.Play(FaultKind.DelayedReply, delay: Never, times: 0);
        await CancelledAsync(rows, () => Wire.UntilAsync(() => _wire.Emulator.Batches.Count == 1, "the batch has arrived"), 1, BatchState.Uncertain);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(500)]
    public async Task While_the_body_is_written(int rows)
    {
        _wire.Play(FaultKind.StallAfterBytes, afterBytes: 1_000, times: 0);
        await CancelledAsync(rows, () => Wire.UntilAsync(() => _wire.Submits.Any(), "the upload has stalled"), 60_000, BatchState.NotSent, BatchState.Uncertain);
    }

    [Fact]
    public async Task While_rows_are_read()
    {
        var live = SendRun.LiveCount;
        using var run = new Run(_wire, new SendOptions { Limits = new BatchLimits(rows: 1_000), ThrottleLimit = 4, DuplicateIdAction = DuplicateIdAction.Ignore });
        var owner = Task.Run(() => run.Send.AddCsv(new EndlessRows(), "endless.csv"));
        await Wire.UntilAsync(() => _wire.Emulator.Batches.Count > 3, "some batches have arrived");
        run.Send.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => owner.WaitAsync(Wire.Patience));
        await EndsAsync(run, live);
        Assert.True(run.Accounting.Read > 3_000);
        Assert.False(run.Accounting.SourceEnded);
        Assert.All(run.Batches, batch => Assert.Contains(batch.State, new[] { BatchState.Accepted, BatchState.NotSent, BatchState.Uncertain }));
    }

    [Fact]
    public async Task Before_anything_is_sent()
    {
        var live = SendRun.LiveCount;
        using var run = new Run(_wire);
        Assert.Equal(live + 1, SendRun.LiveCount);
        run.Send.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => run.Send.AddCsv(new MemoryStream("thirdPartyId,a\nU1,x\n"u8.ToArray()), "test.csv"));
        await EndsAsync(run, live);
        Assert.Equal((0L, 0L), (run.Accounting.Read, run.Accounting.NotSent));
        Assert.Empty(_wire.Submits);
    }

    [Fact]
    public async Task Dispose_alone_ends_the_call_under_way_and_frees_the_run()
    {
        var live = SendRun.LiveCount;
        _wire.Play(FaultKind.DelayedReply, delay: Never, times: 0);
        var run = new Run(_wire, new SendOptions { Limits = new BatchLimits(rows: 1), ThrottleLimit = 4 });
        for (var i = 0; i < 4; i++)
            run.AddRow(("thirdPartyId", $"U{i}"), ("a", "x"));
        await Wire.UntilAsync(() => _wire.Emulator.Batches.Count == 3, "three batches have arrived");
        await Task.Run(run.Dispose).WaitAsync(Wire.Patience);
        run.Dispose();
        run.Send.Cancel();
        Assert.Equal((live, 0), (SendRun.LiveCount, run.Send.LiveUploads));
        Assert.Equal(3, _wire.Emulator.Batches.Count);
    }

    [Fact]
    public async Task Owner_that_stops_in_the_middle_of_a_message_leaves_nothing_running()
    {
        var live = SendRun.LiveCount;
        var run = new Run(_wire, new SendOptions { Limits = new BatchLimits(rows: 1), ThrottleLimit = 1 }, onMessage: message =>
        {
            if (message is RunMessage.BatchDone)
                throw new InvalidOperationException("the pipeline was stopped");
        });
        Assert.Throws<InvalidOperationException>(() => run.SendCsv(Run.Numbered(1_000)));
        await Task.Run(run.Dispose).WaitAsync(Wire.Patience);
        Assert.Equal((live, 0), (SendRun.LiveCount, run.Send.LiveUploads));
        Assert.InRange(_wire.Submits.Count(), 1, 3);
    }

    [Fact]
    public void Completed_run_is_no_longer_live()
    {
        var live = SendRun.LiveCount;
        using var run = new Run(_wire);
        run.SendCsv("thirdPartyId,a\nU1,x\n");
        Assert.Equal(live, SendRun.LiveCount);
        run.Send.Complete(true);
        run.Dispose();
        Assert.Equal(live, SendRun.LiveCount);
    }

    private async Task CancelledAsync(int rows, Func<Task> phase, int valueLength, params BatchState[] states)
    {
        var live = SendRun.LiveCount;
        var settings = _wire.Settings(operationTimeout: Never, replyTimeout: Never, delays: new RetryDelays { First = Never, Longest = Never });
        using var run = new Run(_wire, new SendOptions { Limits = new BatchLimits(rows: 50), ThrottleLimit = 1 }, _wire.Connect(settings), message =>
        {
            if (message is RunMessage.Warning { Text: var text } && text.Contains("tried again"))
                _retries.TrySetResult();
        });
        var owner = Task.Run(() => run.SendCsv(Run.Numbered(rows, valueLength)));
        await phase().WaitAsync(Wire.Patience);
        run.Send.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => owner.WaitAsync(Wire.Patience));
        await EndsAsync(run, live);
        Assert.InRange(_wire.Submits.Count(), 0, 1);
        Assert.Equal(1, run.Batches[0].Attempts);
        Assert.Contains(run.Batches[0].State, states);
        Assert.All(run.Batches.Skip(1), batch => Assert.Equal((BatchState.NotSent, 0), (batch.State, batch.Attempts)));
    }

    private static async Task EndsAsync(Run run, int live)
    {
        // After a cancelled reading the owner may still complete the run, for its books.
        await Task.Run(() => Record.Exception(() => run.Send.Complete(sourceEnded: false))).WaitAsync(Wire.Patience);
        Assert.True(run.Accounting.IsBalanced, run.Accounting.ToString());
        await Task.Run(run.Dispose).WaitAsync(Wire.Patience);
        Assert.Equal((live, 0), (SendRun.LiveCount, run.Send.LiveUploads));
    }

    private sealed class EndlessRows : MemoryStream
    {
        private readonly byte[] _text = [.. "thirdPartyId,a\n"u8];
        private long _position;

        public override int Read(byte[] buffer, int offset, int count)
        {
            var row = "U1,some value\n"u8;
            for (var i = 0; i < count; i++, _position++)
                buffer[offset + i] = _position < _text.Length ? _text[_position] : row[(int)((_position - _text.Length) % row.Length)];
            return count;
        }
    }
}
