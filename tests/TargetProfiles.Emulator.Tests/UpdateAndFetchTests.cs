using System.Globalization;
using System.Net;
using System.Text.Json;
using static TargetProfiles.Emulator.Tests.Service;

namespace TargetProfiles.Emulator.Tests;

public sealed class UpdateAndFetchTests : IDisposable
{
    private const string Done = "<response>\n    <success>true</success>\n    <pcId></pcId>\n    <message>Request successfully submitted</message>\n</response>";
    private readonly Service _service = new();

    public UpdateAndFetchTests() => _service.Emulator.AddProfile(
        "10abf6304b2714215b1fd39a870f01af.28_20", "U1", "12345678901234567890123456789012345678", new Dictionary<string, string> { ["grade"] = "silver" });

    public void Dispose() => _service.Dispose();

    private TargetEmulator Emulator => _service.Emulator;

    [Fact]
    public async Task Update_by_get_sets_prefixed_attributes_only()
    {
        string xml = await _service.GetAsync("/m2/client/profile/update?mbox3rdPartyId=U1&profile.grade=5%25+off&profile.empty=&other=x&profile.=y");

        Assert.Equal(Done, xml);
        Assert.Equal("5% off", Emulator.FindByThirdPartyId("U1")!.Attributes["grade"]);
        Assert.Equal(["grade"], Emulator.FindByThirdPartyId("U1")!.Attributes.Keys);
    }

    [Fact]
    public async Task Update_by_post_merges_query_and_form()
    {
        using HttpResponseMessage reply = await _service.Client.PostAsync("/m2/acme/profile/update?mboxPC=10abf6304b2714215b1fd39a870f01af&profile.a=1", Form("profile.b=%26%3D&profile.a=2"));

        Assert.Equal(Done, await reply.Content.ReadAsStringAsync());
        Assert.Equal("2", Emulator.FindByThirdPartyId("U1")!.Attributes["a"]);
        Assert.Equal("&=", Emulator.FindByThirdPartyId("U1")!.Attributes["b"]);
    }

    [Fact]
    public async Task Update_by_post_with_everything_in_the_query_works()
    {
        using HttpResponseMessage reply = await _service.Client.PostAsync("/m2/acme/profile/update?mbox3rdPartyId=U1&profile.a=1", null);

        Assert.Equal(Done, await reply.Content.ReadAsStringAsync());
        Assert.Equal("1", Emulator.FindByThirdPartyId("U1")!.Attributes["a"]);
    }

    [Fact]
    public async Task Update_never_creates_and_says_success_all_the_same()
    {
        Assert.Equal(Done, await _service.GetAsync("/m2/acme/profile/update?mbox3rdPartyId=nobody&profile.a=1"));
        Assert.Equal(1, Emulator.ProfileCount);
    }

    [Fact]
    public async Task Update_without_an_id_fails()
    {
        Assert.Equal("false", Text(await _service.GetAsync("/m2/acme/profile/update?profile.a=1"), "success"));
    }

    [Fact]
    public async Task Update_is_limited_to_8_kb_by_get_and_60_kb_by_post()
    {
        string start = "mbox3rdPartyId=U1&profile.a=";
        using HttpResponseMessage fits = await _service.SendAsync("/m2/acme/profile/update?" + start + new string('x', 8192 - start.Length));
        Assert.Equal(HttpStatusCode.OK, fits.StatusCode);
        using HttpResponseMessage tooLong = await _service.SendAsync("/m2/acme/profile/update?" + start + new string('x', 8193 - start.Length));
        Assert.Equal(HttpStatusCode.RequestUriTooLong, tooLong.StatusCode);

        using HttpResponseMessage posted = await _service.Client.PostAsync("/m2/acme/profile/update", Form(start + new string('x', 61440 - start.Length)));
        Assert.Equal(HttpStatusCode.OK, posted.StatusCode);
        using HttpResponseMessage tooLarge = await _service.Client.PostAsync("/m2/acme/profile/update", Form(start + new string('x', 61441 - start.Length)));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLarge.StatusCode);
    }

    [Fact]
    public async Task Update_can_take_its_time()
    {
        _service.Options.UpdateDelay = TimeSpan.FromHours(1);
        await _service.GetAsync("/m2/acme/profile/update?mbox3rdPartyId=U1&profile.grade=gold");
        Assert.Equal("silver", Emulator.FindByThirdPartyId("U1")!.Attributes["grade"]);

        Emulator.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal("gold", Emulator.FindByThirdPartyId("U1")!.Attributes["grade"]);
    }

    [Theory]
    [InlineData("10abf6304b2714215b1fd39a870f01af.28_20")]
    [InlineData("10abf6304b2714215b1fd39a870f01af")]
    [InlineData("10abf6304b2714215b1fd39a870f01af.19_05")]
    [InlineData("thirdPartyId/U1")]
    [InlineData("marketingCloudVisitorId/12345678901234567890123456789012345678")]
    public async Task Fetch_finds_by_each_id(string path)
    {
        using HttpResponseMessage reply = await _service.SendAsync($"/rest/v1/profiles/{path}?client=acme", "application/json");
        using JsonDocument json = JsonDocument.Parse(await reply.Content.ReadAsStringAsync());

        Assert.Equal("application/json", reply.Content.Headers.ContentType!.MediaType);
        Assert.Equal(["client", "visitorId", "modifiedAt", "profileAttributes"], json.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal("acme", json.RootElement.GetProperty("client").GetString());
        Assert.Equal(path.Split('/')[^1], json.RootElement.GetProperty("visitorId").GetString());
        JsonElement grade = json.RootElement.GetProperty("profileAttributes").GetProperty("grade");
        Assert.Equal("silver", grade.GetProperty("value").GetString());
        string time = grade.GetProperty("modifiedAt").GetString()!;
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}-0[45]:00$", time);
        Assert.InRange(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture), DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5));
    }

    [Fact]
    public async Task Fetch_decodes_the_id_but_not_into_path_segments()
    {
        Emulator.AddProfile(thirdPartyId: "a/b+c d?");

        using HttpResponseMessage reply = await _service.SendAsync("/rest/v1/profiles/thirdPartyId/a%2Fb+c%20d%3F?client=acme");

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
    }

    [Theory]
    [InlineData("thirdPartyId/no%22body", "{\"status\" : 404, \"message\" : \"No profile found for client acme with third party id=no\\\"body\"}")]
    [InlineData("nobody", "{\"status\" : 404, \"message\" : \"No profile found for client acme with mboxPC=nobody\"}")]
    public async Task Fetch_of_nobody_is_404_with_the_documented_text(string path, string text)
    {
        using HttpResponseMessage reply = await _service.SendAsync($"/rest/v1/profiles/{path}?client=acme", "application/json");

        Assert.Equal(HttpStatusCode.NotFound, reply.StatusCode);
        Assert.Equal(text, await reply.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Errors_are_xml_for_who_does_not_accept_json()
    {
        Assert.Equal(
            "<com.adobe.tnt.profileservice.crud.ResponseErrorBody><status>404</status><message>No profile found for client acme with mboxPC=x&lt;y</message></com.adobe.tnt.profileservice.crud.ResponseErrorBody>",
            await _service.GetAsync("/rest/v1/profiles/x%3Cy?client=acme"));
    }

    [Theory]
    [InlineData("/rest/v1/profiles/thirdPartyId/U1")]
    [InlineData("/rest/v1/profiles/thirdPartyId/U1?client=other")]
    [InlineData("/m2/other/profile/update?mbox3rdPartyId=U1")]
    [InlineData("/m2/other/profile/batchStatus?batchId=x")]
    public async Task A_wrong_client_code_is_400(string url)
    {
        using HttpResponseMessage reply = await _service.SendAsync(url);

        Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
        Assert.StartsWith("<com.adobe.tnt.profileservice.crud.ResponseErrorBody><status>400</status><message>", await reply.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fetch_lag_hides_changes_until_it_has_passed()
    {
        Emulator.Clock.Advance(TimeSpan.FromHours(5));
        _service.Options.FetchLag = TimeSpan.FromHours(2);
        await _service.ProcessAsync("batch=thirdPartyId,grade,new\nU1,gold,1\nU2,gold,1");

        Assert.Contains("silver", await _service.GetAsync("/rest/v1/profiles/thirdPartyId/U1?client=acme"), StringComparison.Ordinal);
        using HttpResponseMessage notYet = await _service.SendAsync("/rest/v1/profiles/thirdPartyId/U2?client=acme");
        Assert.Equal(HttpStatusCode.NotFound, notYet.StatusCode);

        Emulator.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Contains("gold", await _service.GetAsync("/rest/v1/profiles/thirdPartyId/U1?client=acme"), StringComparison.Ordinal);
        Assert.Contains("gold", await _service.GetAsync("/rest/v1/profiles/thirdPartyId/U2?client=acme"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Profiles_expire_after_14_days_without_a_change()
    {
        Emulator.AddProfile(thirdPartyId: "U2");
        Emulator.Clock.Advance(TimeSpan.FromDays(10));
        await _service.GetAsync("/m2/acme/profile/update?mbox3rdPartyId=U2&profile.a=1");
        Emulator.Clock.Advance(TimeSpan.FromDays(5));

        Assert.Equal("U2", Assert.Single(Emulator.Profiles).ThirdPartyId);
        Assert.Null(Emulator.FindByPcId("10abf6304b2714215b1fd39a870f01af"));
        Assert.Equal(1, Emulator.ProfileCount);
        Assert.Equal("1", Text(await _service.ProcessAsync("batch=thirdPartyId,a\nU1,1", version: 1), "profilesNotFound"));
    }

    [Fact]
    public void A_visit_merges_both_profiles_and_the_third_party_value_wins()
    {
        Emulator.AddProfile(pcId: "visitor.28_20", attributes: new Dictionary<string, string> { ["grade"] = "none", ["page"] = "home" });

        Emulator.SimulateMboxCall("visitor", "U1");

        EmulatedProfile profile = Assert.Single(Emulator.Profiles);
        Assert.Equal("visitor.28_20", profile.PcId);
        Assert.Equal("U1", profile.ThirdPartyId);
        Assert.Equal("silver", profile.Attributes["grade"]);
        Assert.Equal("home", profile.Attributes["page"]);
        Assert.Equal("U1", Emulator.FindByPcId("visitor")!.ThirdPartyId);
    }

    [Fact]
    public async Task Json_replies_survive_any_text()
    {
        const string Value = "\"\\\u0001\u007F\u2028\t\U0001F600<&>";
        Emulator.AddProfile(thirdPartyId: "odd", attributes: new Dictionary<string, string> { ["a\"b"] = Value });

        using JsonDocument json = JsonDocument.Parse(await _service.GetAsync("/rest/v1/profiles/thirdPartyId/odd?client=acme"));

        Assert.Equal(Value, json.RootElement.GetProperty("profileAttributes").GetProperty("a\"b").GetProperty("value").GetString());
    }
}
