using TargetProfiles.Emulator;
using TargetProfiles.Service;

namespace TargetProfiles.Core.Tests;

/// <summary>Replies that the emulator spoils, and what reading them may cost.</summary>
[Collection(nameof(Alone))]
public sealed class UnreadableReplyTests : IDisposable
{
    private readonly Wire _wire = new();

    public void Dispose() => _wire.Dispose();

    [Theory]
    [InlineData(FaultKind.HtmlReply, 0, "web page")]
    [InlineData(FaultKind.MalformedXml, 0, "not one of Target's")]
    [InlineData(FaultKind.DtdBomb, 0, "not one of Target's")]
    [InlineData(FaultKind.TruncatedReply, 0, "broke off")]
    [InlineData(FaultKind.OversizedReply, 3_000_000, "too large")]
    [InlineData(FaultKind.EndlessReply, 0, "too large")]
    [InlineData(FaultKind.GzipBomb, 500_000_000, "compressed")]
    public async Task Reply_that_is_not_the_services_is_uncertain_and_read_no_further_than_need_be(FaultKind fault, long bytes, string words)
    {
        _wire.Play(fault, FaultTarget.Any, times: 0, replyBytes: bytes);
        var allocated = GC.GetTotalAllocatedBytes();
        var reply = await _wire.SubmitAsync();
        Assert.Equal((SubmitOutcome.Uncertain, ServiceFailureKind.UnreadableReply), (reply.Outcome, reply.Failure!.Kind));
        Assert.Contains(words, reply.Failure.Message);
        Assert.InRange(reply.Failure.Message.Length, 1, 600);

        var fetch = await Wire.FailsAsync(() => _wire.Client.GetProfileAsync(ProfileKey.ByPcId("1"), default));
        Assert.True(fetch.Kind is ServiceFailureKind.UnreadableReply or ServiceFailureKind.ProfileNotFound);
        Assert.True(GC.GetTotalAllocatedBytes() - allocated < 100_000_000, "nothing is blown up in memory");
    }
}
