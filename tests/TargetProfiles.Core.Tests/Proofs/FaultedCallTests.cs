using TargetProfiles.Emulator;
using TargetProfiles.Sending;
using TargetProfiles.Service;

namespace TargetProfiles.Core.Tests;

/// <summary>Every fault on the calls beside the batches: statuses, updates and fetches tell the truth or that they cannot, and work again afterwards.</summary>
public sealed class FaultedCallTests : IDisposable
{
    private readonly Wire _wire = new();
    private bool _onlyTimeEndsIt;

    public static TheoryData<FaultKind> EveryKind => [.. Enum.GetValues<FaultKind>()];

    public void Dispose() => _wire.Dispose();

    [Theory]
    [MemberData(nameof(EveryKind))]
    public async Task Status_under_a_fault_is_the_true_one_or_none(FaultKind kind)
    {
        using var run = new Run(_wire, new SendOptions { Limits = new BatchLimits(rows: 10) });
        run.SendCsv(Run.Numbered(30));
        run.Balances();
        foreach (var times in new[] { 1, 0 })
        {
            Play(kind, FaultTarget.Status, times);
            foreach (var result in await StatusesAsync(run))
            {
                Assert.True(result.Failure is not null || result.Status!.State is BatchProcessingState.Complete or BatchProcessingState.Unknown, $"{result.Status?.State}");
                Assert.True(result.Status is not { State: BatchProcessingState.Complete } status || status.SuccessfulUpdates == 10);
                Assert.False(times == 0 && result.Status?.State == BatchProcessingState.Complete, "no answer got through");
            }

            _wire.Emulator.Faults.Clear();
        }

        // Asking again, once the fault is gone.
        _onlyTimeEndsIt = false;
        _wire.Emulator.CloseConnections();
        Assert.All(await StatusesAsync(run), result => Assert.Equal((BatchProcessingState.Complete, null), (result.Status!.State, result.Failure)));
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public async Task Update_under_a_fault_is_made_or_told_and_can_be_made_again(FaultKind kind)
    {
        var update = ProfileUpdate.Create(ProfileIdType.ThirdPartyId, "U1", [new("a", "new")]);
        _wire.Emulator.AddProfile(thirdPartyId: "U1", attributes: new Dictionary<string, string> { ["a"] = "old" });
        Play(kind, FaultTarget.Update, 1);
        var client = new TargetClient(Connection());
        var failure = await Record.ExceptionAsync(() => client.UpdateProfileAsync(update, ProfileUpdateMethod.Post, default).WaitAsync(Wire.Patience));
        _wire.Emulator.ProcessNow();
        var stored = _wire.Emulator.FindByThirdPartyId("U1")!.Attributes["a"];
        Assert.Equal(_wire.Emulator.Requests.Any(request => request.Applied) ? "new" : "old", stored);
        if (failure is null)
            Assert.Equal("new", stored);
        else
            Assert.IsType<TargetServiceException>(failure);

        _wire.Emulator.Faults.Clear();
        _onlyTimeEndsIt = false;
        await new TargetClient(Connection()).UpdateProfileAsync(update, ProfileUpdateMethod.Post, default).WaitAsync(Wire.Patience);
        _wire.Emulator.ProcessNow();
        Assert.Equal("new", _wire.Emulator.FindByThirdPartyId("U1")!.Attributes["a"]);
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public async Task Fetch_under_a_fault_gives_the_true_profile_or_none(FaultKind kind)
    {
        _wire.Emulator.AddProfile(thirdPartyId: "U1", attributes: new Dictionary<string, string> { ["a"] = "x" });
        Play(kind, FaultTarget.Fetch, 1);
        var client = new TargetClient(Connection());
        try
        {
            Assert.Equal("x", (await client.GetProfileAsync(ProfileKey.ByThirdPartyId("U1"), default).WaitAsync(Wire.Patience)).Attributes["a"]);
        }
        catch (TargetServiceException failure)
        {
            Assert.NotEqual(ServiceFailureKind.ProfileNotFound, failure.Kind);
        }

        _wire.Emulator.Faults.Clear();
        _onlyTimeEndsIt = false;
        Assert.Equal("x", (await new TargetClient(Connection()).GetProfileAsync(ProfileKey.ByThirdPartyId("U1"), default).WaitAsync(Wire.Patience)).Attributes["a"]);
    }

    private async Task<List<BatchStatusResult>> StatusesAsync(Run run)
    {
        using var poller = new BatchStatusPoller(Connection(), new BatchStatusOptions { Detailed = true });
        foreach (var batch in run.Batches)
            poller.Add(batch.BatchId!, batch.StatusUri, null);
        await Task.Run(() => poller.Complete(() => { })).WaitAsync(Wire.Patience);
        var results = new List<BatchStatusResult>();
        while (poller.TryTake(out var result))
            results.Add(result!);
        Assert.Equal(run.Batches.Select(batch => batch.BatchId).Order(), results.Select(result => (string?)result.BatchId).Order());
        return results;
    }

    // A fault that only a timeout ends is met with a short one; the others with one that nothing but a hang reaches.
    private TargetConnection Connection()
    {
        TimeSpan? timeout = _onlyTimeEndsIt ? TimeSpan.FromMilliseconds(150) : null;
        return _wire.Connect(_wire.Settings(operationTimeout: timeout, connectionTimeout: timeout, retries: 1));
    }

    private void Play(FaultKind kind, FaultTarget on, int times)
    {
        _onlyTimeEndsIt = kind is FaultKind.StallAfterBytes or FaultKind.DelayedReply;
        _wire.Play(kind, on, times, afterBytes: 5, replyBytes: kind == FaultKind.OversizedHeader ? 300_000 : 3_000_000, delay: kind == FaultKind.DelayedReply ? TimeSpan.FromMinutes(5) : default);
    }
}
