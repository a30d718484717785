using System.Net;
using System.Text;
using System.Text.Json;

namespace TargetProfiles.Emulator.Tests;

/// <summary>What guards the live page, as any HTTP client sees it.</summary>
public sealed class LivePageTests : IDisposable
{
    private readonly Service _service = new();

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task The_root_is_a_page_for_browsers_under_a_strict_policy()
    {
        using HttpResponseMessage reply = await _service.SendAsync("/", "text/html");

        Assert.Equal("text/html", reply.Content.Headers.ContentType!.MediaType);
        string policy = Assert.Single(reply.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; ", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(reply.Headers.GetValues("X-Content-Type-Options")));
        string page = await reply.Content.ReadAsStringAsync();
        Assert.DoesNotContain("://", page, StringComparison.Ordinal);
        Assert.DoesNotContain(" style=", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LossRate", "0.25", 0.25)]
    [InlineData("ProcessingDelay", "1.5", 1.5)]
    [InlineData("FetchLag", "60", 60.0)]
    [InlineData("ForceStuck", "true", true)]
    [InlineData("OverrideMode", "\"WholePendingSet\"", "WholePendingSet")]
    [InlineData("StatusRetentionCount", "10", 10)]
    [InlineData("StatusRetentionTime", "86400", 86_400.0)]
    [InlineData("RetryAfterSeconds", "null", null)]
    [InlineData("Token", "\"5f0f3c6e\"", "5f0f3c6e")]
    public async Task A_switch_turns_an_option(string name, string json, object? expected)
    {
        using HttpResponseMessage reply = await TurnAsync($"{{\"name\":\"{name}\",\"value\":{json}}}");

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        object? value = typeof(EmulatorOptions).GetProperty(name)!.GetValue(_service.Options);
        Assert.Equal(expected, value is TimeSpan time ? time.TotalSeconds : value is Enum named ? named.ToString() : value);
        Assert.DoesNotContain("5f0f3c6e", await reply.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"name\":\"LossRate\",\"value\":2}", HttpStatusCode.BadRequest)]
    [InlineData("{\"name\":\"LossRate\",\"value\":null}", HttpStatusCode.BadRequest)]
    [InlineData("{\"name\":\"StuckBatches\",\"value\":0.5}", HttpStatusCode.BadRequest)]
    [InlineData("{\"name\":\"ForceStuck\",\"value\":\"yes\"}", HttpStatusCode.BadRequest)]
    [InlineData("{\"name\":\"OverrideMode\",\"value\":\"Other\"}", HttpStatusCode.BadRequest)]
    [InlineData("{\"name\":\"ProcessingDelay\",\"value\":1e300}", HttpStatusCode.BadRequest)]
    [InlineData("{\"name\":\"Certificate\",\"value\":null}", HttpStatusCode.NotFound)]
    [InlineData("[1]", HttpStatusCode.BadRequest)]
    [InlineData("{", HttpStatusCode.BadRequest)]
    public async Task A_switch_takes_nothing_else(string body, HttpStatusCode status)
    {
        using HttpResponseMessage reply = await TurnAsync(body);

        Assert.Equal(status, reply.StatusCode);
        Assert.Equal(0, _service.Options.LossRate);
    }

    [Theory]
    [InlineData("text/plain", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/x-www-form-urlencoded", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/json", HttpStatusCode.OK)]
    public async Task A_form_turns_no_switch(string contentType, HttpStatusCode status)
    {
        using HttpResponseMessage reply = await TurnAsync("{\"name\":\"LossRate\",\"value\":0.5}", contentType);

        Assert.Equal(status, reply.StatusCode);
    }

    [Theory]
    [InlineData("POST", "/_emulator/switches", "Origin", "http://site.example")]
    [InlineData("POST", "/_emulator/switches", "Origin", "null")]
    [InlineData("POST", "/_emulator/process", "Origin", "http://127.0.0.1:1")]
    [InlineData("POST", "/_emulator/clock/advance?seconds=1", "Origin", "http://site.example")]
    [InlineData("POST", "/_emulator/mbox?pcId=P1", "Sec-Fetch-Site", "cross-site")]
    [InlineData("GET", "/_emulator/state", "Sec-Fetch-Site", "cross-site")]
    [InlineData("GET", "/_emulator/profiles", "Sec-Fetch-Site", "same-site")]
    [InlineData("GET", "/_emulator/state", "Host", "rebound.example")]
    [InlineData("POST", "/_emulator/switches", "Host", "rebound.example")]
    [InlineData("GET", "/", "Host", "rebound.example")]
    [InlineData("GET", "/", "Host", "localhost.rebound.example:80")]
    public async Task Other_sites_get_at_nothing(string method, string path, string header, string value)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.TryAddWithoutValidation(header, value);
        if (method == "POST")
        {
            request.Content = new StringContent("{\"name\":\"LossRate\",\"value\":0.5}", Encoding.UTF8, "application/json");
        }

        using HttpResponseMessage reply = await _service.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, reply.StatusCode);
        Assert.Equal(0, _service.Options.LossRate);
        Assert.Equal(0, _service.Emulator.ProfileCount);
    }

    [Fact]
    public async Task A_configured_host_name_is_one_of_its_own()
    {
        _service.Options.StatusUrlOverride = "http://edge.example:8123";
        using var request = new HttpRequestMessage(HttpMethod.Get, "/_emulator/state");
        request.Headers.Host = "edge.example:8123";

        using HttpResponseMessage reply = await _service.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
    }

    [Fact]
    public async Task The_state_finds_a_profile_by_each_of_its_ids()
    {
        _service.Emulator.AddProfile("P1.28_20", "U1", "E1", new Dictionary<string, string> { ["tier"] = "gold" });
        _service.Emulator.AddProfile(thirdPartyId: "U2");

        foreach (string id in new[] { "U1", "P1.28_20", "P1", "E1" })
        {
            using JsonDocument state = JsonDocument.Parse(await _service.GetAsync("/_emulator/state?find=" + id));
            JsonElement found = Assert.Single(state.RootElement.GetProperty("profiles").EnumerateArray());
            Assert.Equal(("U1", "gold"), (found.GetProperty("thirdPartyId").GetString(), found.GetProperty("attributes").GetProperty("tier").GetString()));
        }

        using JsonDocument none = JsonDocument.Parse(await _service.GetAsync("/_emulator/state?find=U3"));
        Assert.Equal((0, 2), (none.RootElement.GetProperty("profiles").GetArrayLength(), none.RootElement.GetProperty("profileCount").GetInt32()));
    }

    [Fact]
    public async Task A_page_that_looks_on_does_not_fill_the_request_log()
    {
        await _service.GetAsync("/_emulator/state");
        await _service.SubmitAsync("batch=thirdPartyId,a\nU1,1");

        Assert.Equal(1, Assert.Single(_service.Emulator.Requests).Number);
    }

    [Fact]
    public async Task Batches_that_are_no_longer_told_are_marked()
    {
        _service.Options.StatusRetentionCount = 1;
        await _service.SubmitAsync("batch=thirdPartyId,a\nU1,1");
        await _service.SubmitAsync("batch=thirdPartyId,a\nU2,1");

        Assert.Equal([false, true], _service.Emulator.Batches.Select(batch => batch.HasStatus));
    }

    private async Task<HttpResponseMessage> TurnAsync(string body, string contentType = "application/json")
    {
        using var content = new StringContent(body, Encoding.UTF8, contentType);
        return await _service.Client.PostAsync("/_emulator/switches", content);
    }
}
