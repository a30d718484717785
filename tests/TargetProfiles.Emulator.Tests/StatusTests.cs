using System.Net;
using static TargetProfiles.Emulator.Tests.Service;

namespace TargetProfiles.Emulator.Tests;

public sealed class StatusTests : IDisposable
{
    private const string OneRow = "batch=thirdPartyId,a\nU1,1";
    private readonly Service _service = new(new EmulatorOptions { ThrottleEnabled = false });

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task Forced_stuck_batches_end_stuck_and_apply_only_the_rows_asked_for()
    {
        _service.Options.ForceStuck = true;
        _service.Options.StuckAfterRows = 1;

        string xml = await _service.ProcessAsync("batch=thirdPartyId,a\nU1,1\nU2,2");

        Assert.Equal("stuck", Text(xml, "status"));
        Assert.Equal("1", Text(xml, "consumedCount"));
        Assert.Equal(1, _service.Emulator.ProfileCount);
    }

    [Fact]
    public async Task The_next_n_batches_can_be_made_stuck()
    {
        _service.Options.StuckBatches = 2;

        Assert.Equal("stuck", Text(await _service.ProcessAsync(OneRow), "status"));
        Assert.Equal("stuck", Text(await _service.ProcessAsync(OneRow), "status"));
        Assert.Equal("complete", Text(await _service.ProcessAsync(OneRow), "status"));
        Assert.Equal(0, _service.Options.StuckBatches);
    }

    [Theory]
    [InlineData(ProcessingOrder.Submitted, "2")]
    [InlineData(ProcessingOrder.Reversed, "1")]
    public async Task Order_of_processing_decides_which_value_stays(ProcessingOrder order, string stays)
    {
        _service.Options.ProcessingOrder = order;
        _service.Options.ProcessingDelay = TimeSpan.FromMinutes(1);
        await _service.SubmitAsync("batch=thirdPartyId,a\nU1,1");
        await _service.SubmitAsync("batch=thirdPartyId,a\nU1,2");

        _service.Emulator.Clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(stays, _service.Emulator.FindByThirdPartyId("U1")!.Attributes["a"]);
    }

    [Fact]
    public async Task Lost_rows_count_as_successful_and_repeat_with_the_seed()
    {
        _service.Options.LossRate = 0.25;
        string body = "batch=thirdPartyId,a\n" + string.Join("\n", Enumerable.Range(0, 4000).Select(row => $"U{row},1"));

        string xml = await _service.ProcessAsync(body);

        Assert.Equal("4000", Text(xml, "successfulUpdates"));
        Assert.InRange(_service.Emulator.ProfileCount, 2800, 3200);

        using var again = new Service(new EmulatorOptions { LossRate = 0.25 });
        await again.ProcessAsync(body);
        Assert.Equal(
            _service.Emulator.Profiles.Select(profile => profile.ThirdPartyId),
            again.Emulator.Profiles.Select(profile => profile.ThirdPartyId));
    }

    [Fact]
    public async Task Only_the_last_statuses_are_known_when_retention_is_on()
    {
        var urls = new List<string>();
        for (int batch = 0; batch < 12; batch++)
        {
            urls.Add(await _service.SubmitAsync(OneRow));
        }

        Assert.NotEqual("unknown", Text(await _service.GetAsync(urls[0]), "status"));
        _service.Options.StatusRetentionCount = 10;
        Assert.Equal("unknown", Text(await _service.GetAsync(urls[1]), "status"));
        Assert.NotEqual("unknown", Text(await _service.GetAsync(urls[2]), "status"));
    }

    [Fact]
    public async Task Statuses_expire_when_retention_is_on()
    {
        string url = await _service.SubmitAsync(OneRow);
        _service.Emulator.Clock.Advance(TimeSpan.FromHours(24) + TimeSpan.FromMinutes(1));
        Assert.Equal("complete", Text(await _service.GetAsync(url), "status"));

        _service.Options.StatusRetentionTime = TimeSpan.FromHours(24);
        Assert.Equal("unknown", Text(await _service.GetAsync(url), "status"));
    }

    [Fact]
    public async Task An_unknown_batch_is_unknown_or_not_found()
    {
        Assert.Equal("<response><batchId>acme-1&lt;</batchId><status>unknown</status></response>", await _service.GetAsync("/m2/acme/profile/batchStatus?batchId=acme-1%3C"));

        _service.Options.UnknownBatchIsNotFound = true;
        using HttpResponseMessage reply = await _service.SendAsync("/m2/acme/profile/batchStatus?batchId=acme-1");
        Assert.Equal(HttpStatusCode.NotFound, reply.StatusCode);
    }

    [Fact]
    public async Task Details_list_failed_rows_when_switched_on()
    {
        string xml = await _service.ProcessAsync("batch=thirdPartyId,a\nU1,1\na%2F%3Cb,1");
        Assert.DoesNotContain("<profile>", xml, StringComparison.Ordinal);

        _service.Options.ListFailedProfiles = true;
        xml = await _service.ProcessAsync("batch=thirdPartyId,a\nU1,1\na%2F%3Cb,1");
        Assert.Contains("<profile><id>a/&lt;b</id><status>failed</status></profile>", xml, StringComparison.Ordinal);
        Assert.DoesNotContain("<id>U1</id>", xml, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Details_list_all_rows_when_switched_on()
    {
        _service.Options.ListAllProfiles = true;
        _service.Options.ProcessingDelay = TimeSpan.FromHours(1);
        string url = await _service.SubmitAsync("batch=pcId,a\nP1.28_20,1\nP2.28_20,2", version: 1) + "&showDetails=true";
        Assert.Contains("<profile><id>P1</id><status>pending</status></profile>", await _service.GetAsync(url), StringComparison.Ordinal);

        _service.Emulator.AddProfile(pcId: "P1.28_20");
        _service.Emulator.ProcessNow();

        string xml = await _service.GetAsync(url);
        Assert.Contains("<profile><id>P1</id><status>success</status></profile>", xml, StringComparison.Ordinal);
        Assert.Contains("<profile><id>P2</id><status>error</status></profile>", xml, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_status_url_can_carry_a_raw_ampersand_or_be_another()
    {
        _service.Options.RawAmpersandInStatusUrl = true;
        string url = await _service.SubmitAsync(OneRow);
        Assert.Matches("/m2/acme/v2/profile/batchStatus\\?batchId=acme-[0-9-]+&m2Node=00$", url);
        Assert.Contains("<batchId>acme-", await _service.GetAsync(url), StringComparison.Ordinal);

        _service.Options.RawAmpersandInStatusUrl = false;
        _service.Options.StatusUrlOverride = "http://mboxedge45.tt.omtrdc.net";
        Assert.Matches("^http://mboxedge45.tt.omtrdc.net/m2/acme/profile/batchStatus\\?batchId=acme-[0-9-]+$", await _service.SubmitAsync(OneRow));

        _service.Options.StatusUrlOverride = "ftp://elsewhere/{batchId}";
        Assert.Matches("^ftp://elsewhere/acme-[0-9-]+$", await _service.SubmitAsync(OneRow));
    }

    [Fact]
    public async Task Too_large_a_file_is_success_false_or_413()
    {
        _service.Options.MaxBatchBytes = OneRow.Length + 1;
        await _service.SubmitAsync(OneRow);

        _service.Options.MaxBatchBytes = OneRow.Length;
        using HttpResponseMessage soft = await _service.PostBatchAsync(OneRow);
        Assert.Equal(HttpStatusCode.OK, soft.StatusCode);
        Assert.Equal("false", Text(await soft.Content.ReadAsStringAsync(), "success"));

        _service.Options.OversizedFileStatus = 413;
        using HttpResponseMessage hard = await _service.PostBatchAsync(OneRow);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, hard.StatusCode);
    }

    [Fact]
    public async Task Too_many_rows_are_refused_and_the_header_is_no_row()
    {
        _service.Options.MaxBatchRows = 2;
        await _service.SubmitAsync("batch=thirdPartyId,a\nU1,1\n\nU2,1\n");

        using HttpResponseMessage reply = await _service.PostBatchAsync("batch=thirdPartyId,a\nU1,1\nU2,1\nU3,1");
        Assert.Equal("Batch is too large: at most 2 rows", Text(await reply.Content.ReadAsStringAsync(), "message"));
    }

    [Fact]
    public async Task A_later_v2_batch_overrides_the_same_names_or_the_whole_pending_set()
    {
        _service.Emulator.AddProfile(thirdPartyId: "U1", attributes: new Dictionary<string, string> { ["old"] = "0" });
        await _service.ProcessAsync("batch=thirdPartyId,a,b\nU1,1,1");
        await _service.ProcessAsync("batch=thirdPartyId,b,c\nU1,2,2");
        Assert.Equal(["a", "b", "c", "old"], _service.Emulator.FindByThirdPartyId("U1")!.Attributes.Keys);

        _service.Options.OverrideMode = V2OverrideMode.WholePendingSet;
        await _service.ProcessAsync("batch=thirdPartyId,d,e\nU1,3,\nU1,,3");
        Assert.Equal(["d", "e", "old"], _service.Emulator.FindByThirdPartyId("U1")!.Attributes.Keys);
    }

    [Fact]
    public async Task A_visit_ends_the_pending_set()
    {
        _service.Options.OverrideMode = V2OverrideMode.WholePendingSet;
        await _service.ProcessAsync("batch=thirdPartyId,a\nU1,1");
        _service.Emulator.SimulateMboxCall(null, "U1");
        await _service.ProcessAsync("batch=thirdPartyId,b\nU1,2");

        Assert.Equal(["a", "b"], _service.Emulator.FindByThirdPartyId("U1")!.Attributes.Keys);
    }

    [Fact]
    public async Task V1_batches_and_single_updates_leave_the_pending_set_alone()
    {
        _service.Options.OverrideMode = V2OverrideMode.WholePendingSet;
        await _service.ProcessAsync("batch=thirdPartyId,a\nU1,1");
        await _service.ProcessAsync("batch=thirdPartyId,b\nU1,2", version: 1);
        await _service.GetAsync("/m2/acme/profile/update?mbox3rdPartyId=U1&profile.c=3");

        Assert.Equal(["a", "b", "c"], _service.Emulator.FindByThirdPartyId("U1")!.Attributes.Keys);
    }

    [Fact]
    public async Task A_profile_written_very_often_keeps_all_its_attributes()
    {
        for (int write = 0; write < 60; write++)
        {
            await _service.ProcessAsync($"batch=thirdPartyId,last,n{write}\nU1,{write},{write}");
        }

        IReadOnlyDictionary<string, string> attributes = _service.Emulator.FindByThirdPartyId("U1")!.Attributes;
        Assert.Equal(61, attributes.Count);
        Assert.Equal("59", attributes["last"]);
        Assert.Equal("3", attributes["n3"]);
    }
}
