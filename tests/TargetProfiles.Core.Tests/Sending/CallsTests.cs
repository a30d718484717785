using TargetProfiles.Emulator;
using TargetProfiles.Sending;

namespace TargetProfiles.Core.Tests;

/// <summary>Calls of single profiles: repeated while that may help, and told in order.</summary>
public sealed class CallsTests : IDisposable
{
    private readonly Wire _wire = new();

    public void Dispose() => _wire.Dispose();

    [Theory]
    [InlineData(FaultKind.ServerError, 503, 3)]
    [InlineData(FaultKind.ServerError, 500, 3)]
    [InlineData(FaultKind.ApplyAndClose, 0, 3)]
    [InlineData(FaultKind.ServerError, 403, 1)]
    [InlineData(FaultKind.SuccessFalse, 0, 1)]
    public async Task Update_is_repeated_only_where_that_may_help(FaultKind kind, int status, int requests)
    {
        _wire.Emulator.AddProfile(thirdPartyId: "U1");
        _wire.Play(kind, FaultTarget.Update, times: 2, status: status);
        var update = ProfileUpdate.Create(ProfileIdType.ThirdPartyId, "U1", [new("a", "x")]);
        var failure = await Record.ExceptionAsync(() => new ServiceCalls(_wire.Connection).UpdateProfileAsync(update, ProfileUpdateMethod.Post, default).WaitAsync(Wire.Patience));
        Assert.Equal(requests == 1, failure is TargetServiceException);
        Assert.Equal(requests, _wire.Emulator.Requests.Count);
    }

    [Fact]
    public async Task Retries_end_at_their_number()
    {
        _wire.Play(FaultKind.ServerError, FaultTarget.Fetch, times: 0, status: 500);
        var failure = await Wire.FailsAsync(() => new ServiceCalls(_wire.Connection).GetProfileAsync(ProfileKey.ByPcId("1"), default));
        Assert.Equal(ServiceFailureKind.ServerError, failure.Kind);
        Assert.Equal(1 + _wire.Connection.MaximumRetryCount, _wire.Emulator.Requests.Count);
    }

    [Fact]
    public async Task Cancelling_ends_a_wait_between_tries()
    {
        _wire.Play(FaultKind.ServerError, FaultTarget.Fetch, times: 0, status: 503, retryAfter: "500");
        using var cancellation = new CancellationTokenSource();
        var call = new ServiceCalls(_wire.Connection).GetProfileAsync(ProfileKey.ByPcId("1"), cancellation.Token);
        await Wire.UntilAsync(() => _wire.Emulator.Requests.Count == 1, "the first try has been refused");
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Wire.Patience));
        Assert.Single(_wire.Emulator.Requests);
    }

    [Fact]
    public void Results_come_in_the_order_of_the_calls_and_never_more_run_than_allowed()
    {
        var results = new List<int>();
        int running = 0, most = 0;
        using var calls = new OrderedCalls<int>(3, (call, key) =>
        {
            Assert.Equal(key, call.Result);
            results.Add(call.Result);
        }, default);
        for (var i = 0; i < 50; i++)
        {
            var number = i;
            calls.Add(async token =>
            {
                var now = Interlocked.Increment(ref running);
                lock (results)
                    most = Math.Max(most, now);
                await Task.Delay((50 - number) % 7, token);
                Interlocked.Decrement(ref running);
                return number;
            }, number);
        }

        calls.Complete();
        Assert.Equal(Enumerable.Range(0, 50), results);
        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public async Task Failed_call_is_handed_over_and_cancelling_ends_the_rest()
    {
        using var cancellation = new CancellationTokenSource();
        var failures = 0;
        var calls = new OrderedCalls<int>(2, (call, _) => failures += call.IsFaulted ? 1 : 0, cancellation.Token);
        _ = calls.Add(_ => throw new InvalidOperationException(), null);
        calls.Complete();
        Assert.Equal(1, failures);
        _ = calls.Add(async token =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return 1;
        }, null);
        var owner = Task.Run(calls.Complete);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => owner.WaitAsync(Wire.Patience));
        await Task.Run(calls.Dispose).WaitAsync(Wire.Patience);
    }
}
