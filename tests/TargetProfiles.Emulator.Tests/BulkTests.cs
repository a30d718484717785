using System.Net;
using System.Net.Http.Headers;
using System.Text;
using static TargetProfiles.Emulator.Tests.Service;

namespace TargetProfiles.Emulator.Tests;

public sealed class BulkTests : IDisposable
{
    private readonly Service _service = new();

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task Submit_is_answered_with_the_documented_xml_and_an_edge_status_url()
    {
        using HttpResponseMessage reply = await _service.PostBatchAsync("batch=thirdPartyId,grade\nU1,gold\n");
        string xml = await reply.Content.ReadAsStringAsync();

        string id = Assert.Single(_service.Emulator.Batches).BatchId;
        Assert.Matches(@"^acme-\d{13}-\d{8}$", id);
        Assert.Equal(
            $"<response>\n    <success>true</success>\n    <batchStatus>{_service.Emulator.StatusEndpoint}m2/acme/profile/batchStatus?batchId={id}</batchStatus>\n"
            + "    <message>Batch submitted for processing</message>\n</response>",
            xml);
        Assert.NotEqual(_service.Emulator.Port, _service.Emulator.StatusEndpoint.Port);
    }

    [Fact]
    public async Task Status_goes_from_incomplete_to_complete_by_the_clock()
    {
        _service.Options.ProcessingDelay = TimeSpan.FromHours(1);
        string url = await _service.SubmitAsync("batch=thirdPartyId,grade\nU1,gold\nU2,silver");
        string id = _service.Emulator.Batches[0].BatchId;

        Assert.Equal($"<response><batchId>{id}</batchId><status>incomplete</status><batchSize>2</batchSize></response>", await _service.GetAsync(url));
        Assert.Equal(0, _service.Emulator.ProfileCount);

        _service.Emulator.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal($"<response><batchId>{id}</batchId><status>complete</status><batchSize>2</batchSize></response>", await _service.GetAsync(url));
        Assert.Equal(
            $"<response>\n    <batchId>{id}</batchId><status>complete</status><batchSize>2</batchSize>\n"
            + "    <consumedCount>2</consumedCount><successfulUpdates>2</successfulUpdates>\n"
            + "    <profilesNotFound>0</profilesNotFound><failedUpdates>0</failedUpdates>\n</response>",
            await _service.GetAsync(url + "&showDetails=true"));
        Assert.Equal("gold", _service.Emulator.FindByThirdPartyId("U1")!.Attributes["grade"]);
    }

    [Fact]
    public async Task A_batch_is_processed_in_real_time_without_anybody_asking()
    {
        _service.Options.ProcessingDelay = TimeSpan.FromMilliseconds(50);
        await _service.SubmitAsync("batch=thirdPartyId,grade\nU1,gold");

        Assert.True(_service.Emulator.WaitForIdle(RawClient.Patience));
        Assert.Equal("complete", _service.Emulator.Batches[0].Status);
    }

    [Fact]
    public async Task V1_updates_only_and_counts_what_it_does_not_find()
    {
        _service.Emulator.AddProfile(thirdPartyId: "known");

        string xml = await _service.ProcessAsync("batch=thirdPartyId,grade\nknown,gold\nunknown,gold", version: 1);

        Assert.Equal(("2", "1", "1", "0"), Counts(xml));
        Assert.Equal("gold", _service.Emulator.FindByThirdPartyId("known")!.Attributes["grade"]);
        Assert.Null(_service.Emulator.FindByThirdPartyId("unknown"));
    }

    [Fact]
    public async Task V2_creates_and_gives_a_third_party_profile_a_pcid_with_location_hint()
    {
        await _service.ProcessAsync("batch=thirdPartyId,grade\nU1,gold");

        EmulatedProfile profile = _service.Emulator.FindByThirdPartyId("U1")!;
        Assert.Matches(@"^[0-9a-f]{32}\.28_20$", profile.PcId);
        Assert.Equal("U1", _service.Emulator.FindByPcId(profile.PcId)!.ThirdPartyId);
        Assert.Equal("U1", _service.Emulator.FindByPcId(profile.PcId[..32])!.ThirdPartyId);
        Assert.Null(_service.Emulator.FindByPcId(new string('0', 32)));
    }

    [Fact]
    public async Task V2_creates_by_pcid_and_ids_match_with_and_without_hint()
    {
        await _service.ProcessAsync("batch=pcId,a\n1368007744041-575948.01_00,1");
        await _service.ProcessAsync("batch=pcId,b\n1368007744041-575948,2");

        EmulatedProfile profile = Assert.Single(_service.Emulator.Profiles);
        Assert.Equal("1368007744041-575948.01_00", profile.PcId);
        Assert.Null(profile.ThirdPartyId);
        Assert.Equal(["a", "b"], profile.Attributes.Keys);
    }

    [Fact]
    public async Task Empty_values_are_ignored_and_rows_of_nothing_else_skipped()
    {
        _service.Emulator.AddProfile(thirdPartyId: "U1", attributes: new Dictionary<string, string> { ["grade"] = "gold" });

        string xml = await _service.ProcessAsync("batch=thirdPartyId,grade,city\nU1,,Bern\nU2,,\nU3\n\nU4,x");

        Assert.Equal("4", Text(xml, "batchSize"));
        Assert.Equal(("2", "2", "0", "0"), Counts(xml));
        Assert.Equal("gold", _service.Emulator.FindByThirdPartyId("U1")!.Attributes["grade"]);
        Assert.Equal("Bern", _service.Emulator.FindByThirdPartyId("U1")!.Attributes["city"]);
        Assert.Null(_service.Emulator.FindByThirdPartyId("U2"));
        Assert.Null(_service.Emulator.FindByThirdPartyId("U3"));
        Assert.Equal("x", _service.Emulator.FindByThirdPartyId("U4")!.Attributes["grade"]);
    }

    [Fact]
    public async Task Names_and_values_are_case_sensitive()
    {
        await _service.ProcessAsync("batch=thirdPartyId,Grade,grade\nu1,A,b\nU1,C,d");

        Assert.Equal(2, _service.Emulator.ProfileCount);
        Assert.Equal("A", _service.Emulator.FindByThirdPartyId("u1")!.Attributes["Grade"]);
        Assert.Equal("d", _service.Emulator.FindByThirdPartyId("U1")!.Attributes["grade"]);
    }

    [Theory]
    [InlineData("thirdPartyId,grade\nU1,gold", "Batch is empty")]
    [InlineData("\uFEFFbatch=thirdPartyId,grade\nU1,gold", "Batch is empty")]
    [InlineData("batch=", "Batch is empty")]
    [InlineData("batch=thirdPartyId,grade\n", "Batch is empty")]
    [InlineData("batch=mbox3rdPartyId,grade\nU1,gold", "Invalid batch: the first column must be pcId or thirdPartyId")]
    [InlineData("batch=thirdpartyid,grade\nU1,gold", "Invalid batch: the first column must be pcId or thirdPartyId")]
    public async Task A_bad_file_is_refused_with_success_false_and_an_empty_status_url(string body, string message)
    {
        using HttpResponseMessage reply = await _service.PostBatchAsync(body);

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.Equal(
            $"<response>\n    <success>false</success>\n    <batchStatus></batchStatus>\n    <message>{message}</message>\n</response>",
            await reply.Content.ReadAsStringAsync());
        Assert.Empty(_service.Emulator.Batches);
        Assert.False(Assert.Single(_service.Emulator.Requests).Applied);
    }

    [Fact]
    public async Task Json_and_multipart_are_an_empty_batch()
    {
        using var json = new StringContent("batch=thirdPartyId,a\nU1,1", Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using HttpResponseMessage reply = await _service.Client.PostAsync("/m2/acme/v2/profile/batchUpdate", json);
        Assert.Equal("Batch is empty", Text(await reply.Content.ReadAsStringAsync(), "message"));

        using var multipart = new MultipartFormDataContent { { new StringContent("thirdPartyId,a\nU1,1"), "batch" } };
        using HttpResponseMessage second = await _service.Client.PostAsync("/m2/acme/v2/profile/batchUpdate", multipart);
        Assert.Equal("Batch is empty", Text(await second.Content.ReadAsStringAsync(), "message"));
    }

    [Fact]
    public async Task Unusable_ids_fail_one_by_one()
    {
        string xml = await _service.ProcessAsync($"batch=thirdPartyId,a\n,1\na%2Fb,1\na%2Bb,1\n{new string('x', 257)},1\n{new string('y', 256)},1");

        Assert.Equal(("5", "1", "0", "4"), Counts(xml));
        Assert.Equal(["", "a/b", "a+b", new string('x', 257)], _service.Emulator.Batches[0].FailedIds);
    }

    [Fact]
    public async Task The_literal_client_stands_for_the_client_code_unless_switched_off()
    {
        using HttpResponseMessage taken = await _service.PostBatchAsync("batch=thirdPartyId,a\nU1,1", client: "client");
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);

        _service.Options.AliasLiteralClient = false;
        using HttpResponseMessage refused = await _service.PostBatchAsync("batch=thirdPartyId,a\nU1,1", client: "client");
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task Status_is_answered_on_the_submit_port_and_under_v2_as_well()
    {
        await _service.SubmitAsync("batch=thirdPartyId,a\nU1,1");
        string id = _service.Emulator.Batches[0].BatchId;

        Assert.Equal("1", Text(await _service.GetAsync($"/m2/acme/profile/batchStatus?batchId={id}"), "batchSize"));
        Assert.Equal("1", Text(await _service.GetAsync($"/m2/acme/v2/profile/batchStatus?batchId={id}"), "batchSize"));
    }

    internal static (string?, string?, string?, string?) Counts(string xml) =>
        (Text(xml, "consumedCount"), Text(xml, "successfulUpdates"), Text(xml, "profilesNotFound"), Text(xml, "failedUpdates"));
}
