using System.Net;
using System.Text.Json;

namespace TargetProfiles.Emulator.Tests;

public sealed class AdmissionTests : IDisposable
{
    private const string OneRow = "batch=thirdPartyId,a\nU1,1";
    private const string Secret = "f6e54956-6f15-41c9-aa0c-f9d4fecb0000";
    private readonly Service _service = new();

    public void Dispose() => _service.Dispose();

    [Theory]
    [InlineData("/m2/acme/profile/update?mbox3rdPartyId=U1")]
    [InlineData("/m2/acme/profile/batchStatus?batchId=x")]
    [InlineData("/rest/v1/profiles/thirdPartyId/U1?client=acme")]
    public async Task Without_the_token_everything_is_403(string url)
    {
        _service.Options.Token = Secret;

        using HttpResponseMessage reply = await _service.SendAsync(url);
        Assert.Equal(HttpStatusCode.Forbidden, reply.StatusCode);
        Assert.Equal(
            "<com.adobe.tnt.profileservice.crud.ResponseErrorBody><status>403</status><message>Forbidden</message></com.adobe.tnt.profileservice.crud.ResponseErrorBody>",
            await reply.Content.ReadAsStringAsync());
        Assert.Equal("{\"status\" : 403, \"message\" : \"Forbidden\"}", await _service.GetAsync(url, "application/json"));

        _service.Client.DefaultRequestHeaders.Add("Authorization", "Bearer wrong");
        using HttpResponseMessage wrong = await _service.SendAsync(url);
        Assert.Equal(HttpStatusCode.Forbidden, wrong.StatusCode);
    }

    [Fact]
    public async Task A_submit_without_the_token_is_403_and_not_applied()
    {
        _service.Options.Token = Secret;
        using HttpResponseMessage reply = await _service.PostBatchAsync(OneRow);

        Assert.Equal(HttpStatusCode.Forbidden, reply.StatusCode);
        Assert.Empty(_service.Emulator.Batches);
        Assert.Null(Assert.Single(_service.Emulator.Requests).BodySha256);
    }

    [Theory]
    [InlineData("Authorization", "Bearer " + Secret)]
    [InlineData("access_token", Secret)]
    public async Task The_token_is_taken_in_both_documented_headers(string header, string value)
    {
        _service.Options.Token = Secret;
        _service.Client.DefaultRequestHeaders.Add(header, value);

        using HttpResponseMessage reply = await _service.PostBatchAsync(OneRow);

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.DoesNotContain(_service.Emulator.Requests[0].Headers, shown => shown.Value.Contains(Secret, StringComparison.Ordinal));
        Assert.Equal(header == "Authorization" ? "Bearer" : "", _service.Emulator.Requests[0].Header(header));
    }

    [Fact]
    public async Task Status_can_be_open_while_the_rest_needs_the_token()
    {
        _service.Options.Token = Secret;
        _service.Options.TokenRequiredForStatus = false;

        using HttpResponseMessage status = await _service.SendAsync("/m2/acme/profile/batchStatus?batchId=x");
        Assert.Equal(HttpStatusCode.OK, status.StatusCode);
    }

    [Fact]
    public async Task An_expired_token_is_403()
    {
        _service.Options.Token = Secret;
        _service.Client.DefaultRequestHeaders.Add("Authorization", "Bearer " + Secret);
        using HttpResponseMessage before = await _service.PostBatchAsync(OneRow);
        Assert.Equal(HttpStatusCode.OK, before.StatusCode);

        _service.Emulator.Clock.Advance(TimeSpan.FromDays(91));
        using HttpResponseMessage after = await _service.PostBatchAsync(OneRow);
        Assert.Equal(HttpStatusCode.Forbidden, after.StatusCode);
    }

    [Fact]
    public async Task The_token_endpoint_gives_the_token_and_makes_a_new_one()
    {
        const string Url = "/tenant/target/authentication/token?authorizationScope=profile_api";
        _service.Options.Token = Secret;
        _service.Client.DefaultRequestHeaders.Add("Authorization", "Bearer ims");
        _service.Client.DefaultRequestHeaders.Add("X-Api-Key", "key");

        using HttpResponseMessage got = await _service.SendAsync(Url);
        using JsonDocument held = JsonDocument.Parse(await got.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, got.StatusCode);
        Assert.Equal("application/vnd.adobe.target.v1+json", got.Content.Headers.ContentType!.MediaType);
        Assert.Equal(Secret, held.RootElement.GetProperty("accessToken").GetString());
        Assert.Equal("bearer", held.RootElement.GetProperty("tokenType").GetString());
        Assert.Equal("profile_api", held.RootElement.GetProperty("scope").GetString());

        using HttpResponseMessage made = await _service.Client.PostAsync(Url.Replace("authorizationScope", "scope", StringComparison.Ordinal), null);
        using JsonDocument fresh = JsonDocument.Parse(await made.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Equal(7_775_999, fresh.RootElement.GetProperty("expiresIn").GetInt64());
        Assert.NotEqual(Secret, _service.Options.Token);

        _service.Client.DefaultRequestHeaders.Remove("Authorization");
        _service.Client.DefaultRequestHeaders.Add("Authorization", "Bearer " + Secret);
        using HttpResponseMessage old = await _service.PostBatchAsync(OneRow);
        Assert.Equal(HttpStatusCode.Forbidden, old.StatusCode);
        _service.Client.DefaultRequestHeaders.Remove("Authorization");
        _service.Client.DefaultRequestHeaders.Add("Authorization", "Bearer " + fresh.RootElement.GetProperty("accessToken").GetString());
        using HttpResponseMessage now = await _service.PostBatchAsync(OneRow);
        Assert.Equal(HttpStatusCode.OK, now.StatusCode);
    }

    [Theory]
    [InlineData(null, "key", "profile_api", HttpStatusCode.Unauthorized)]
    [InlineData("Bearer ims", null, "profile_api", HttpStatusCode.BadRequest)]
    [InlineData("Bearer ims", "key", "debug_tools", HttpStatusCode.BadRequest)]
    [InlineData("Bearer ims", "key", "profile_api", HttpStatusCode.NotFound)]
    public async Task The_token_endpoint_says_what_is_missing(string? authorization, string? key, string scope, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/tenant/target/authentication/token?authorizationScope={scope}");
        if (authorization is not null)
        {
            request.Headers.Add("Authorization", authorization);
        }

        if (key is not null)
        {
            request.Headers.Add("X-Api-Key", key);
        }

        using HttpResponseMessage reply = await _service.Client.SendAsync(request);
        using JsonDocument json = JsonDocument.Parse(await reply.Content.ReadAsStringAsync());

        Assert.Equal(status, reply.StatusCode);
        Assert.Equal((int)status, json.RootElement.GetProperty("httpStatus").GetInt32());
        Assert.NotEmpty(json.RootElement.GetProperty("errors")[0].GetProperty("message").GetString()!);
    }

    [Theory]
    [InlineData("Bearer other", "key", HttpStatusCode.Unauthorized, "401013")]
    [InlineData("Bearer ims", "other", HttpStatusCode.Forbidden, "403003")]
    public async Task The_token_endpoint_refuses_a_wrong_access_token_or_key_if_it_knows_the_right_one(string authorization, string key, HttpStatusCode status, string code)
    {
        _service.Options.Token = Secret;
        _service.Options.AccessToken = "ims";
        _service.Options.ApiKey = "key";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/tenant/target/authentication/token?authorizationScope=profile_api");
        request.Headers.Add("Authorization", authorization);
        request.Headers.Add("X-Api-Key", key);

        using HttpResponseMessage reply = await _service.Client.SendAsync(request);
        using JsonDocument json = JsonDocument.Parse(await reply.Content.ReadAsStringAsync());
        Assert.Equal(status, reply.StatusCode);
        Assert.Equal(code, json.RootElement.GetProperty("error_code").GetString());
        Assert.Equal(Secret, _service.Options.Token);
        Assert.DoesNotContain(_service.Emulator.Requests, logged => logged.Headers.Any(header => header.Value is "Bearer other" or "Bearer ims" or "key" or "other"));
    }

    [Fact]
    public async Task Calls_of_the_admin_api_count_among_the_accounts_calls_a_minute()
    {
        _service.Options.CallsPerMinute = 2;
        await PostAsync(1);
        using HttpResponseMessage first = await _service.SendAsync("/tenant/target/authentication/token");
        using HttpResponseMessage second = await _service.SendAsync("/tenant/target/authentication/token");
        Assert.Equal(HttpStatusCode.Unauthorized, first.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, second.StatusCode);
    }

    [Fact]
    public async Task The_51st_bulk_call_in_a_minute_is_503_until_the_window_has_moved_on()
    {
        await PostAsync(25);
        _service.Emulator.Clock.Advance(TimeSpan.FromSeconds(30));
        await PostAsync(25);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await PostAsync(1));

        using HttpResponseMessage update = await _service.SendAsync("/m2/acme/profile/update?mbox3rdPartyId=U1");
        Assert.Equal(HttpStatusCode.OK, update.StatusCode);
        using HttpResponseMessage status = await _service.SendAsync("/m2/acme/profile/batchStatus?batchId=x");
        Assert.Equal(HttpStatusCode.OK, status.StatusCode);

        _service.Emulator.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(25));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await PostAsync(1));
        Assert.Equal(75, _service.Emulator.Batches.Count);
    }

    [Fact]
    public async Task Throttling_has_its_switches()
    {
        _service.Options.CallsPerMinute = 1;
        _service.Options.RetryAfterSeconds = 17;
        await PostAsync(1);
        using HttpResponseMessage refused = await _service.PostBatchAsync(OneRow);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(17), refused.Headers.RetryAfter!.Delta);

        _service.Options.RetryAfterSeconds = null;
        _service.Options.ThrottleStatusCalls = true;
        using HttpResponseMessage status = await _service.SendAsync("/m2/acme/profile/batchStatus?batchId=x");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status.StatusCode);
        Assert.Null(status.Headers.RetryAfter);

        _service.Options.ThrottleEnabled = false;
        Assert.Equal(HttpStatusCode.OK, await PostAsync(3));
    }

    [Theory]
    [InlineData("GET", "/m2/acme/v2/profile/batchUpdate", HttpStatusCode.MethodNotAllowed)]
    [InlineData("PUT", "/m2/acme/profile/update", HttpStatusCode.MethodNotAllowed)]
    [InlineData("DELETE", "/rest/v1/profiles/x?client=acme", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/nowhere", HttpStatusCode.NotFound)]
    [InlineData("POST", "/m2//profile/batchUpdate", HttpStatusCode.NotFound)]
    [InlineData("HEAD", "/", HttpStatusCode.OK)]
    public async Task Wrong_methods_and_paths_are_said_so(string method, string path, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using HttpResponseMessage reply = await _service.Client.SendAsync(request);

        Assert.Equal(status, reply.StatusCode);
    }

    private async Task<HttpStatusCode> PostAsync(int times)
    {
        HttpStatusCode last = default;
        for (int call = 0; call < times; call++)
        {
            using HttpResponseMessage reply = await _service.PostBatchAsync(OneRow);
            last = reply.StatusCode;
        }

        return last;
    }
}
