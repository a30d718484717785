using TargetProfiles.Emulator;
using TargetProfiles.Service;

namespace TargetProfiles.Core.Tests;

/// <summary>Every endpoint over real HTTP, and what the requests look like.</summary>
public sealed class TargetClientTests : IDisposable
{
    private readonly Wire _wire = new();

    public void Dispose() => _wire.Dispose();

    [Fact]
    public async Task Second_version_creates_and_first_version_only_updates()
    {
        var first = await _wire.SubmitAsync("U1,x\n", ProfileApiVersion.V1);
        _wire.Emulator.ProcessNow();
        Assert.Equal(SubmitOutcome.Accepted, first.Outcome);
        Assert.Null(_wire.Emulator.FindByThirdPartyId("U1"));

        var second = await _wire.SubmitAsync("U1,x%20y\n");
        _wire.Emulator.ProcessNow();
        Assert.Equal("x y", _wire.Emulator.FindByThirdPartyId("U1")!.Attributes["a"]);
        Assert.Equal(_wire.Emulator.Batches[1].BatchId, second.BatchId);
        Assert.Equal(["/m2/acme/profile/batchUpdate", "/m2/acme/v2/profile/batchUpdate"], _wire.Submits.Select(request => request.Target));
    }

    [Fact]
    public async Task Submit_is_a_form_whose_body_is_the_batch_byte_for_byte()
    {
        using var batch = Wire.LargeBatch(2_500_000);
        var written = 0L;
        var reply = await _wire.Client.SubmitBatchAsync(batch, ProfileApiVersion.V2, bytes => written += bytes, default);
        var request = Assert.Single(_wire.Submits);
        Assert.Equal(SubmitOutcome.Accepted, reply.Outcome);
        Assert.Equal((batch.Sha256, batch.Length, batch.Length), (request.BodySha256, request.BodyLength, written));
        Assert.Equal("application/x-www-form-urlencoded", request.ContentType);
        Assert.Equal("100-continue", request.Header("Expect"));
        Assert.Null(request.Header("Authorization"));
        Assert.StartsWith("TargetProfiles/", request.Header("User-Agent"));
    }

    [Fact]
    public async Task Small_batch_does_not_wait_for_leave_to_continue()
    {
        await _wire.SubmitAsync();
        Assert.Null(Assert.Single(_wire.Submits).Header("Expect"));
    }

    [Fact]
    public async Task Status_comes_from_the_address_of_the_reply()
    {
        var reply = await _wire.SubmitAsync("U1,x\nU2,y\n");
        var waiting = await Status(reply);
        _wire.Emulator.ProcessNow();
        var done = await Status(reply);
        Assert.Contains(waiting.State, new[] { BatchProcessingState.Incomplete, BatchProcessingState.Complete });
        Assert.Equal((BatchProcessingState.Complete, "complete", 2L, true), (done.State, done.RawStatus, done.BatchSize!.Value, done.IsFinal));
        Assert.Null(done.SuccessfulUpdates);
        Assert.Equal("edge", _wire.Emulator.Requests[^1].Listener);
        Assert.Equal(_wire.Emulator.StatusEndpoint.Authority, done.StatusUri!.Authority);
    }

    [Fact]
    public async Task Details_bring_the_counts()
    {
        var reply = await _wire.SubmitAsync("U1,x\nU2,y\n", ProfileApiVersion.V1);
        _wire.Emulator.ProcessNow();
        var status = await Status(reply, detailed: true);
        Assert.Equal((2L, 2L, 0L, 2L, 0L), (status.BatchSize!.Value, status.ConsumedCount!.Value, status.SuccessfulUpdates!.Value, status.ProfilesNotFound!.Value, status.FailedUpdates!.Value));
        Assert.Empty(status.FailedIds);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Profile_rows_of_a_status_are_read_whatever_their_number(bool all)
    {
        _wire.Emulator.Options.ListFailedProfiles = true;
        _wire.Emulator.Options.ListAllProfiles = all;
        var reply = await _wire.SubmitAsync("U1,x\nbad%2Fid,y\nworse%2Bid,z\n");
        _wire.Emulator.ProcessNow();
        var status = await Status(reply, detailed: true);
        Assert.Equal(["bad/id", "worse+id"], status.FailedIds);
        Assert.Equal(2, status.FailedUpdates);
    }

    [Fact]
    public async Task Old_status_address_with_a_raw_ampersand_is_followed()
    {
        _wire.Emulator.Options.RawAmpersandInStatusUrl = true;
        var reply = await _wire.SubmitAsync();
        _wire.Emulator.ProcessNow();
        Assert.Contains("&", reply.StatusUri!.Query);
        Assert.Equal(_wire.Emulator.Batches[0].BatchId, reply.BatchId);
        Assert.Equal(BatchProcessingState.Complete, (await Status(reply, detailed: true)).State);
    }

    [Fact]
    public async Task Status_is_found_by_the_batch_id_alone()
    {
        var reply = await _wire.SubmitAsync();
        _wire.Emulator.ProcessNow();
        Assert.Equal(BatchProcessingState.Complete, (await _wire.Client.GetBatchStatusAsync(reply.BatchId!, null, null, false, default)).State);
        Assert.Equal("edge", _wire.Emulator.Requests[^1].Listener);
        Assert.Equal([reply.BatchId!], _wire.Connection.SubmittedBatchIds);

        var elsewhere = new TargetClient(_wire.Connect(_wire.Settings()));
        Assert.Equal(BatchProcessingState.Complete, (await elsewhere.GetBatchStatusAsync(reply.BatchId!, null, null, true, default)).State);
        Assert.Equal("submit", _wire.Emulator.Requests[^1].Listener);
    }

    [Theory]
    [InlineData(false, "unknown")]
    [InlineData(true, "")]
    public async Task Batch_that_the_service_does_not_know_is_unknown(bool notFound, string word)
    {
        _wire.Emulator.Options.UnknownBatchIsNotFound = notFound;
        var submittedAt = DateTime.UtcNow;
        var status = await _wire.Client.GetBatchStatusAsync("acme-1-2&x=y", null, submittedAt, true, default);
        Assert.Equal((BatchProcessingState.Unknown, word, false, submittedAt), (status.State, status.RawStatus, status.IsFinal, status.SubmittedAt!.Value));
        Assert.Contains("batchId=acme-1-2%26x%3Dy", _wire.Emulator.Requests[^1].Target);
    }

    [Fact]
    public async Task Details_are_asked_for_also_where_the_address_has_no_query()
    {
        var address = new Uri(_wire.Emulator.Endpoint, "/m2/acme/profile/batchStatus");
        await Record.ExceptionAsync(() => _wire.Client.GetBatchStatusAsync("x", address, null, true, default));
        Assert.Equal("/m2/acme/profile/batchStatus?showDetails=true", _wire.Emulator.Requests[^1].Target);
    }

    [Fact]
    public async Task Stuck_is_final()
    {
        _wire.Emulator.Options.ForceStuck = true;
        var reply = await _wire.SubmitAsync();
        _wire.Emulator.ProcessNow();
        var status = await Status(reply);
        Assert.Equal((BatchProcessingState.Stuck, true), (status.State, status.IsFinal));
    }

    [Theory]
    [InlineData(ProfileUpdateMethod.Post)]
    [InlineData(ProfileUpdateMethod.Get)]
    public async Task Single_update_reaches_the_profile(ProfileUpdateMethod method)
    {
        const string Value = "5% off & \"more\" + é😀=,\r\n";
        _wire.Emulator.AddProfile(pcId: "1-2.28_0", thirdPartyId: "U 1");
        await Update(ProfileIdType.ThirdPartyId, "U 1", new() { ["a b"] = Value, ["profile.c"] = "1", ["empty"] = " " }, method);
        await Update(ProfileIdType.PcId, "1-2.28_0", new() { ["d"] = "2" }, method);
        _wire.Emulator.ProcessNow();
        var profile = _wire.Emulator.FindByThirdPartyId("U 1")!;
        Assert.Equal(new Dictionary<string, string> { ["a b"] = Value, ["c"] = "1", ["d"] = "2" }, profile.Attributes);
        Assert.All(_wire.Emulator.Requests, request => Assert.Equal(method == ProfileUpdateMethod.Get, request.Target.Contains('?')));
        Assert.All(_wire.Emulator.Requests, request => Assert.Equal(method == ProfileUpdateMethod.Get ? null : "application/x-www-form-urlencoded", request.ContentType));
    }

    [Fact]
    public async Task Update_says_that_it_was_taken_even_where_there_is_no_profile()
    {
        await Update(ProfileIdType.ThirdPartyId, "nobody", new() { ["a"] = "1" });
        Assert.Equal(0, _wire.Emulator.ProfileCount);
    }

    [Fact]
    public async Task Refused_update_tells_the_services_words()
    {
        _wire.Play(FaultKind.SuccessFalse, FaultTarget.Update, message: "No such thing");
        var failure = await Wire.FailsAsync(() => Update(ProfileIdType.ThirdPartyId, "U1", new() { ["a"] = "1" }));
        Assert.Equal(ServiceFailureKind.Refused, failure.Kind);
        Assert.Contains("No such thing", failure.Message);
    }

    [Fact]
    public async Task Profile_is_fetched_by_each_kind_of_id()
    {
        const string Id = "Üser 1?&#%x";
        var attributes = new Dictionary<string, string> { ["größe"] = "a,b \"c\"\n😀" };
        _wire.Emulator.AddProfile("1-2.28_0", Id, "12345678901234567890", attributes);
        foreach (var key in new[] { ProfileKey.ByThirdPartyId(Id), ProfileKey.ByPcId("1-2.28_0"), ProfileKey.ByPcId("1-2"), ProfileKey.ByEcid("12345678901234567890") })
        {
            var profile = await _wire.Client.GetProfileAsync(key, default);
            Assert.Equal(attributes, profile.Attributes);
            Assert.Equal("acme", profile.ClientCode);
            Assert.Equal(DateTimeKind.Utc, profile.ModifiedAt!.Value.Kind);
            Assert.InRange(profile.ModifiedAt.Value, DateTime.UtcNow.AddMinutes(-5), DateTime.UtcNow.AddMinutes(1));
            Assert.Equal(DateTimeKind.Utc, profile.AttributesModifiedAt["größe"].Kind);
        }

        Assert.Equal(Id, (await _wire.Client.GetProfileAsync(ProfileKey.ByThirdPartyId(Id), default)).ThirdPartyId);
        Assert.Equal(Id, (await _wire.Client.GetProfileAsync(ProfileKey.ByThirdPartyId(Id), default)).VisitorId);
    }

    [Fact]
    public async Task Missing_profile_is_told_as_such()
    {
        var failure = await Wire.FailsAsync(() => _wire.Client.GetProfileAsync(ProfileKey.ByThirdPartyId("nobody"), default));
        Assert.Equal((ServiceFailureKind.ProfileNotFound, 404, false), (failure.Kind, failure.StatusCode!.Value, failure.IsTransient));
        Assert.Contains("No profile found", failure.Message);
    }

    [Theory]
    [InlineData("../../../m2/acme", "/rest/v1/profiles/thirdPartyId/..%2F..%2F..%2Fm2%2Facme?client=acme")]
    [InlineData("a/b\\c", "/rest/v1/profiles/thirdPartyId/a%2Fb%5Cc?client=acme")]
    [InlineData("%2e%2e", "/rest/v1/profiles/thirdPartyId/%252e%252e?client=acme")]
    [InlineData("...", "/rest/v1/profiles/thirdPartyId/...?client=acme")]
    public async Task Id_cannot_leave_its_path_segment(string id, string target)
    {
        await Record.ExceptionAsync(() => _wire.Client.GetProfileAsync(ProfileKey.ByThirdPartyId(id), default));
        Assert.Equal(target, Assert.Single(_wire.Emulator.Requests).Target);
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData(" ")]
    public void Id_that_an_address_cannot_hold_is_refused(string id)
    {
        Assert.Throws<ArgumentException>(() => ProfileKey.ByThirdPartyId(id));
        Assert.Throws<ArgumentException>(() => ProfileKey.ByPcId(id));
        Assert.Throws<ArgumentException>(() => ProfileKey.ByEcid(id));
    }

    private Task<TargetBatchStatus> Status(SubmitReply reply, bool detailed = false) =>
        _wire.Client.GetBatchStatusAsync(reply.BatchId!, reply.StatusUri, null, detailed, default);

    private Task Update(ProfileIdType type, string id, Dictionary<string, string> attributes, ProfileUpdateMethod method = ProfileUpdateMethod.Post) =>
        _wire.Client.UpdateProfileAsync(ProfileUpdate.Create(type, id, attributes, method), method, default);
}
