using TargetProfiles.Emulator;

namespace TargetProfiles.Core.Tests;

/// <summary>A service that says 503 to large uploads, under a run of several at a time.</summary>
public sealed class ThrottledRunTests : IDisposable
{
    private const int AtATime = 4;

    private readonly Wire _wire = new();

    public void Dispose() => _wire.Dispose();

    [Fact]
    public void All_uploads_wait_behind_one_gate_and_a_single_one_goes_ahead_when_it_opens()
    {
        var wait = TimeSpan.FromMilliseconds(600);
        _wire.Play(FaultKind.EarlyReply, status: 503, times: 0);
        using var run = new Run(_wire, new SendOptions { Limits = new BatchLimits(bytes: 2_500_000), ThrottleLimit = AtATime }, _wire.Connect(_wire.Settings(delays: new RetryDelays { Throttled = wait })));
        // Each batch has a length of its own, by which its tries are known.
        run.SendCsv("thirdPartyId,a\n" + string.Concat(Enumerable.Range(1, 500).Select(i => $"U{i},{new string('x', 29_000 + i)}\n")));
        run.Balances();
        Assert.Equal(run.Accounting.Read, run.Accounting.NotSent);
        Assert.Equal(ServiceFailureKind.Throttled, Assert.IsType<TargetServiceException>(run.Send.Failure).Kind);

        // Of the first tries, some may have begun before the first 503 came, and be slow on their way; every later one is alone,
        // and after the wait.
        var submits = _wire.Submits.ToList();
        Assert.InRange(submits.Count, _wire.Connection.MaximumRetryCount + 1, AtATime * (_wire.Connection.MaximumRetryCount + 1));
        Assert.All(submits, submit => Assert.Equal((503, 0L), (submit.StatusCode, submit.BodyLength)));
        var tries = submits.GroupBy(submit => submit.Header("Content-Length")).ToList();
        Assert.InRange(tries.Count, 1, AtATime);
        var later = tries.SelectMany(batch => batch.Skip(1)).OrderBy(submit => submit.ReceivedAt).ToList();
        Assert.InRange(later.Count, _wire.Connection.MaximumRetryCount, submits.Count - 1);
        var pauses = later.Prepend(submits[0]).Zip(later, (one, next) => next.ReceivedAt - one.ReceivedAt);
        Assert.All(pauses, pause => Assert.True(pause > wait * 0.8, $"{pause}"));
        Assert.Equal(0, run.Send.Progress.BytesSent);
    }
}
