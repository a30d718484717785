using FsCheck.Fluent;
using TargetProfiles.Sending;

namespace TargetProfiles.Core.Tests;

/// <summary>The account's calls a minute, with a clock turned by hand.</summary>
public sealed class CallBudgetTests
{
    private TimeSpan _now;

    [Fact]
    public void Never_more_calls_in_any_sixty_seconds_than_allowed()
    {
        var steps = Gen.ArrayOf(Gen.Choose(0, 20_000));
        Generators.Check(from limit in Gen.Choose(1, 5) from pauses in steps select (limit, pauses), run =>
        {
            _now = TimeSpan.Zero;
            var budget = Budget(run.limit);
            var taken = new List<TimeSpan>();
            foreach (var pause in run.pauses)
            {
                _now += TimeSpan.FromMilliseconds(pause);
                var allowed = taken.Count(time => _now - time < TimeSpan.FromSeconds(60)) < run.limit;
                var wait = budget.TryTake(true, out _);
                if (allowed != (wait == TimeSpan.Zero))
                    return false;
                if (allowed)
                    taken.Add(_now);
                else if (wait != Max(taken[^run.limit] + TimeSpan.FromSeconds(60) - _now, TimeSpan.FromMilliseconds(50)))
                    return false;
            }

            return true;
        });
    }

    [Fact]
    public void No_limit_means_none()
    {
        var budget = Budget(0);
        Assert.All(Enumerable.Range(0, 1_000), _ => Assert.True(Takes(budget)));
    }

    [Fact]
    public void Shut_gate_holds_everyone_until_its_time_and_then_lets_one_ahead()
    {
        var budget = Budget(0);
        Take(budget).Shut(TimeSpan.FromSeconds(65));
        Advance(64.9);
        Assert.False(Takes(budget));
        Advance(0.2);
        var probe = Take(budget);
        Assert.False(Takes(budget));
        probe.Passed();
        Assert.True(Takes(budget));
        Assert.True(Takes(budget));
    }

    [Fact]
    public void Probe_that_fails_shuts_the_gate_again_and_one_that_tells_nothing_hands_on()
    {
        var budget = Budget(0);
        Take(budget).Shut(TimeSpan.FromSeconds(65));
        Advance(65);
        Take(budget).Dispose();
        var second = Take(budget);
        Assert.False(Takes(budget));
        second.Shut(TimeSpan.FromSeconds(65));
        Advance(64);
        Assert.False(Takes(budget));
        Advance(1);
        Assert.True(Takes(budget));
        Assert.False(Takes(budget));
    }

    [Fact]
    public void Shorter_wait_does_not_cut_a_longer_one()
    {
        var budget = Budget(0);
        var (one, other) = (Take(budget), Take(budget));
        one.Shut(TimeSpan.FromSeconds(100));
        other.Shut(TimeSpan.Zero);
        Advance(99);
        Assert.False(Takes(budget));
    }

    [Fact]
    public void Call_from_before_the_gate_was_shut_does_not_open_it_for_all()
    {
        var budget = Budget(0);
        var (earlier, another) = (Take(budget), Take(budget));
        Take(budget).Shut(TimeSpan.FromSeconds(65));
        earlier.Passed();
        Advance(65);
        Assert.True(Takes(budget));
        Assert.False(Takes(budget));
        another.Dispose();
        Assert.False(Takes(budget));
    }

    [Fact]
    public async Task Waiting_submits_go_before_polls()
    {
        var budget = Budget(1);
        Assert.True(Takes(budget));
        using var cancellation = new CancellationTokenSource();
        var submit = budget.TakeAsync(isSubmit: true, null, cancellation.Token);
        Advance(60);
        Assert.NotEqual(TimeSpan.Zero, budget.TryTake(isSubmit: false, out _));
        Assert.Equal(TimeSpan.Zero, budget.TryTake(isSubmit: true, out _));

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => submit.WaitAsync(Wire.Patience));
        Advance(60);
        Assert.Equal(TimeSpan.Zero, budget.TryTake(isSubmit: false, out _));
    }

    [Fact]
    public async Task Long_wait_is_told_once_and_ends_with_cancelling()
    {
        var budget = Budget(1);
        Assert.True(Takes(budget));
        using var cancellation = new CancellationTokenSource();
        var told = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = budget.TakeAsync(true, told.SetResult, cancellation.Token);
        Assert.Equal(TimeSpan.FromSeconds(60), await told.Task.WaitAsync(Wire.Patience));
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Wire.Patience));
    }

    [Fact]
    public void Connections_to_one_account_share_its_calls_and_its_gate_whatever_their_limits()
    {
        var account = $"one{Guid.NewGuid():N}";
        using var limited = Connect(account, 2);
        using var lax = Connect(account.ToUpperInvariant(), 100);
        using var other = Connect($"other{Guid.NewGuid():N}", 2);
        Take(CallBudget.For(lax));
        Take(CallBudget.For(limited));
        Assert.False(Takes(CallBudget.For(limited)));
        Take(CallBudget.For(lax)).Shut(TimeSpan.FromSeconds(65));
        Assert.False(Takes(CallBudget.For(lax)));
        Assert.True(Takes(CallBudget.For(other)));
    }

    [Fact]
    public void Turn_of_a_probe_that_ended_in_an_exception_is_handed_back()
    {
        var budget = Budget(0);
        Take(budget).Shut(TimeSpan.Zero);
        Assert.Throws<NotSupportedException>((Action)FailDuringProbe);
        Assert.True(Takes(budget));

        void FailDuringProbe()
        {
            using var turn = Take(budget);
            throw new NotSupportedException();
        }
    }

    private static TargetConnection Connect(string clientCode, int callsPerMinute) =>
        new(new TargetConnectionOptions { ClientCode = clientCode, CallsPerMinute = callsPerMinute, Endpoint = "https://budget.example.com", Token = "" });

    private CallBudget Budget(int callsPerMinute) => new(callsPerMinute, new CallBudget.Account(() => _now));

    private static CallBudget.Turn Take(CallBudget budget)
    {
        Assert.Equal(TimeSpan.Zero, budget.TryTake(true, out var turn));
        return turn!;
    }

    private static bool Takes(CallBudget budget) => budget.TryTake(true, out _) == TimeSpan.Zero;

    private void Advance(double seconds) => _now += TimeSpan.FromSeconds(seconds);

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
