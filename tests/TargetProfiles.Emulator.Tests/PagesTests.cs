using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace TargetProfiles.Emulator.Tests;

public sealed class PagesTests : IDisposable
{
    private readonly Service _service = new(new EmulatorOptions { ProcessingDelay = TimeSpan.FromMinutes(5) });

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task Profiles_come_as_ndjson_in_order_of_their_ids()
    {
        await _service.ProcessAsync("batch=thirdPartyId,b,a\nU2,2,\nU10,%22q%22,x");
        _service.Emulator.AddProfile(pcId: "P1.28_20", ecid: "E1");

        var writer = new StringWriter();
        _service.Emulator.WriteProfiles(writer);

        Assert.Equal(await _service.GetAsync("/_emulator/profiles"), writer.ToString());
        string[] lines = writer.ToString().Split('\n');
        Assert.Equal("{\"pcId\":\"P1.28_20\",\"thirdPartyId\":null,\"ecid\":\"E1\",\"attributes\":{}}", lines[0]);
        Assert.EndsWith(",\"thirdPartyId\":\"U10\",\"ecid\":null,\"attributes\":{\"a\":\"x\",\"b\":\"\\\"q\\\"\"}}", lines[1], StringComparison.Ordinal);
        Assert.Contains("\"U2\"", lines[2], StringComparison.Ordinal);
        Assert.Equal(["", ""], [lines[3], string.Concat(lines.Skip(4))]);
    }

    [Fact]
    public async Task The_dump_repeats_with_the_same_seed_and_batches()
    {
        using var other = new Service();
        foreach (Service service in new[] { _service, other })
        {
            await service.ProcessAsync("batch=thirdPartyId,a\nU2,2\nU1,1");
        }

        Assert.Equal(await _service.GetAsync("/_emulator/profiles"), await other.GetAsync("/_emulator/profiles"));
    }

    [Fact]
    public async Task Requests_are_logged_with_the_hash_of_their_body()
    {
        const string Batch = "batch=thirdPartyId,a\nU1,1";
        _service.Client.DefaultRequestHeaders.Add("Authorization", "Bearer secret");
        string status = await _service.SubmitAsync(Batch);
        await _service.GetAsync(status);

        LoggedRequest submit = _service.Emulator.Requests[0];
        Assert.Equal(1, submit.Number);
        Assert.Equal("submit", submit.Listener);
        Assert.Equal("POST", submit.Method);
        Assert.Equal("/m2/acme/v2/profile/batchUpdate", submit.Target);
        Assert.Equal("application/x-www-form-urlencoded", submit.ContentType);
        Assert.Equal("Bearer", submit.Header("authorization"));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Batch))), submit.BodySha256);
        Assert.Equal(Batch.Length, submit.BodyLength);
        Assert.Equal(200, submit.StatusCode);
        Assert.True(submit.Applied);
        Assert.Null(submit.Fault);
        Assert.Equal("edge", _service.Emulator.Requests[1].Listener);

        string text = await _service.GetAsync("/_emulator/requests");
        using JsonDocument json = JsonDocument.Parse(text);
        Assert.Equal(2, json.RootElement.GetArrayLength());
        Assert.Equal(submit.BodySha256, json.RootElement[0].GetProperty("bodySha256").GetString());
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_is_bounded()
    {
        using var service = new Service(new EmulatorOptions { RequestLogCapacity = 3 });
        for (int call = 0; call < 5; call++)
        {
            await service.GetAsync("/");
        }

        Assert.Equal([3, 4, 5], service.Emulator.Requests.Select(request => request.Number));
    }

    [Fact]
    public async Task Clock_processing_and_visits_can_be_driven_by_http()
    {
        await _service.SubmitAsync("batch=thirdPartyId,a\nU1,1");
        await PostAsync("/_emulator/clock/advance?seconds=300", HttpStatusCode.OK);
        Assert.Equal(1, _service.Emulator.ProfileCount);

        await _service.SubmitAsync("batch=thirdPartyId,a\nU2,1");
        await PostAsync("/_emulator/process", HttpStatusCode.OK);
        Assert.Equal(2, _service.Emulator.ProfileCount);

        await PostAsync("/_emulator/mbox?pcId=visitor.28_20&thirdPartyId=U1", HttpStatusCode.OK);
        Assert.Equal("visitor.28_20", _service.Emulator.FindByThirdPartyId("U1")!.PcId);

        await PostAsync("/_emulator/clock/advance?seconds=-1", HttpStatusCode.BadRequest);
        await PostAsync("/_emulator/clock/advance?seconds=NaN", HttpStatusCode.BadRequest);
        await PostAsync("/_emulator/other", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Other_host_names_do_not_get_at_the_emulators_own_pages()
    {
        using var raw = new RawClient(_service.Emulator);
        await raw.SendAsync("GET /_emulator/profiles HTTP/1.1\r\nHost: rebound.example\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 403 ", await raw.ReadUntilAsync("ResponseErrorBody>"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_start_page_names_the_endpoints()
    {
        string page = await _service.GetAsync("/");

        foreach (string part in new[] { "batchUpdate", "batchStatus", "profile/update", "rest/v1/profiles", "authentication/token", "_emulator/profiles" })
        {
            Assert.Contains(part, page, StringComparison.Ordinal);
        }
    }

    private async Task PostAsync(string url, HttpStatusCode status)
    {
        using HttpResponseMessage reply = await _service.Client.PostAsync(url, null);
        Assert.Equal(status, reply.StatusCode);
    }
}
