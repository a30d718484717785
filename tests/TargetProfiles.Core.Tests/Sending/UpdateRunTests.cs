using TargetProfiles.Emulator;
using TargetProfiles.Sending;

namespace TargetProfiles.Core.Tests;

/// <summary>Profiles updated one by one: in order, every row counted, and no end without knowing where to go on.</summary>
public sealed class UpdateRunTests : IDisposable
{
    private readonly Wire _wire = new();
    private readonly List<string> _updated = [];
    private readonly List<UpdateFailure> _failures = [];
    private readonly List<string> _warnings = [];
    private readonly SharedUpdates _shared = new(null, () => DateTime.UtcNow);

    private Action<string> _onUpdated = _ => { };

    public void Dispose() => _wire.Dispose();

    [Fact]
    public async Task Outcomes_come_in_the_order_of_the_rows_whatever_is_repeated()
    {
        _wire.Play(FaultKind.ServerError, FaultTarget.Update, times: 5);
        var ids = Enumerable.Range(1, 60).Select(i => $"U{i}").ToList();
        var accounting = await UpdateAsync(ids, new UpdateOptions { ThrottleLimit = 8 });
        Assert.Equal(ids, _updated);
        Assert.Equal((60, 60, 0, true), (accounting.Read, accounting.Submitted, accounting.NotSent, accounting.IsComplete));
        Assert.Equal(65, _wire.Emulator.Requests.Count);
    }

    [Fact]
    public async Task Last_row_of_an_id_wins_whatever_is_repeated()
    {
        _wire.Emulator.Faults.Add(new WireFault { Kind = FaultKind.ServerError, On = FaultTarget.Update, Times = 0, Probability = 0.3, StatusCode = 500 });
        var connection = _wire.Connect(_wire.Settings(retries: 10));
        var ids = Enumerable.Range(1, 20).Select(i => $"U{i}").ToList();
        ids.ForEach(id => _wire.Emulator.AddProfile(thirdPartyId: id));
        using var run = new UpdateRun(new UpdateOptions(), connection, OnUpdated, _failures.Add, _warnings.Add, _shared, default);
        await Task.Run(() =>
        {
            foreach (var id in ids)
            {
                foreach (var tier in new[] { "first", "second", "third" })
                {
                    run.CountRead();
                    run.Add(ProfileUpdate.Create(ProfileIdType.ThirdPartyId, id, [new("tier", tier)]));
                }
            }

            run.Complete();
        }).WaitAsync(Wire.Patience);
        Assert.Equal(ids.SelectMany(id => new[] { id, id, id }), _updated);
        Assert.All(ids, id => Assert.Equal("third", _wire.Emulator.FindByThirdPartyId(id)!.Attributes["tier"]));
    }

    [Fact]
    public async Task Update_that_is_held_back_is_not_sent_once_the_run_is_cancelled()
    {
        _wire.Play(FaultKind.ServerError, FaultTarget.Update, times: 0, status: 503, retryAfter: "500");
        using var cancellation = new CancellationTokenSource();
        using var run = new UpdateRun(new UpdateOptions(), _wire.Connection, OnUpdated, _failures.Add, _warnings.Add, _shared, cancellation.Token);
        var owner = Task.Run(() =>
        {
            run.Add(ProfileUpdate.Create(ProfileIdType.ThirdPartyId, "U1", [new("tier", "first")]));
            run.Add(ProfileUpdate.Create(ProfileIdType.ThirdPartyId, "U1", [new("tier", "second")]));
            run.Complete();
        });
        await Wire.UntilAsync(() => _wire.Emulator.Requests.Count == 1, "the first try has been refused");
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => owner.WaitAsync(Wire.Patience));
        Assert.Single(_wire.Emulator.Requests);
    }

    [Fact]
    public async Task Profile_that_does_not_exist_gets_nothing_if_it_is_looked_for()
    {
        _wire.Emulator.AddProfile(thirdPartyId: "here");
        var accounting = await UpdateAsync(["nobody-3f1", "here"], new UpdateOptions { Verify = true });
        Assert.Equal(["here"], _updated);
        Assert.Equal((1, 1), (accounting.Submitted, accounting.NotFound));
        Assert.False(accounting.IsComplete);
        var failure = Assert.Single(_failures);
        Assert.Equal((1, null), (failure.Row, failure.FirstRowToSendAgain));
        Assert.DoesNotContain("nobody-3f1", failure.Exception.ToString(), StringComparison.Ordinal);
        Assert.Single(_wire.Emulator.Requests, request => request.Target.Contains("update"));
    }

    [Fact]
    public async Task Service_that_is_down_ends_it_and_tells_where_to_go_on()
    {
        _wire.Play(FaultKind.ServerError, FaultTarget.Update, times: 0, status: 500, skip: 2);
        var accounting = await UpdateAsync(Enumerable.Range(1, 1_000).Select(i => $"U{i}"), new UpdateOptions { ThrottleLimit = 1 });
        Assert.Equal(["U1", "U2"], _updated);
        Assert.Equal([(3, null), (4, null), (5, 3L)], _failures.Select(failure => (failure.Row, failure.FirstRowToSendAgain)));
        Assert.Equal((2, 3), (accounting.Submitted, accounting.Failed));
        Assert.False(accounting.SourceEnded);
    }

    [Fact]
    public async Task Failures_with_successes_between_them_do_not_end_it()
    {
        FailTwoRows();
        _onUpdated = id =>
        {
            if (id == "U3")
                FailTwoRows();
        };
        await UpdateAsync(Enumerable.Range(1, 6).Select(i => $"U{i}"), new UpdateOptions { ThrottleLimit = 1 });
        Assert.Equal([1, 2, 4, 5], _failures.Select(failure => failure.Row));
        Assert.All(_failures, failure => Assert.Null(failure.FirstRowToSendAgain));
    }

    [Fact]
    public async Task Wrong_token_ends_it_at_the_first_row()
    {
        _wire.Emulator.Options.Token = "wanted";
        await UpdateAsync(["U1", "U2", "U3"], new UpdateOptions { ThrottleLimit = 1 });
        Assert.Equal(1L, Assert.Single(_failures).FirstRowToSendAgain);
    }

    [Fact]
    public async Task Many_updates_and_a_days_limit_that_is_near_are_told_once()
    {
        _shared.Add(UpdateRun.UpdatesNearLimit - 5_000);
        var accounting = await UpdateAsync(Enumerable.Range(0, UpdateRun.ManyUpdates + 10).Select(i => $"U{i % 10}"), new UpdateOptions { ThrottleLimit = 16 });
        Assert.Equal(2, _warnings.Count);
        Assert.Contains("905", _warnings[0] + accounting.UpdatesWithin24Hours, StringComparison.Ordinal);
        Assert.All(_warnings, warning => Assert.Contains("Send-TargetProfileBatch", warning, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Few_updates_are_told_nothing()
    {
        await UpdateAsync(["U1"], new UpdateOptions());
        Assert.Empty(_warnings);
    }

    private void FailTwoRows() => _wire.Play(FaultKind.ServerError, FaultTarget.Update, times: 2 * (1 + _wire.Connection.MaximumRetryCount), status: 500);

    /// <summary>Plays the owner: adds rows until one of them ends the run.</summary>
    private async Task<UpdateAccounting> UpdateAsync(IEnumerable<string> ids, UpdateOptions options)
    {
        using var run = new UpdateRun(options, _wire.Connection, OnUpdated, _failures.Add, _warnings.Add, _shared, default);
        await Task.Run(() =>
        {
            foreach (var id in ids)
            {
                if (_failures.Exists(failure => failure.FirstRowToSendAgain is not null))
                    return;
                run.CountRead();
                run.Add(ProfileUpdate.Create(ProfileIdType.ThirdPartyId, id, [new("tier", "gold")]));
            }

            run.Complete();
        }).WaitAsync(Wire.Patience);
        return run.Accounting;
    }

    private void OnUpdated(TargetProfileUpdate update)
    {
        _updated.Add(update.ThirdPartyId!);
        _onUpdated(update.ThirdPartyId!);
    }
}
