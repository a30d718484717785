using System.Diagnostics;
using static TargetProfiles.Emulator.Tests.Service;

namespace TargetProfiles.Emulator.Tests;

/// <summary>
/// Adobe's own command lines. The same bytes always go by HttpClient first; where curl is on the path, it follows and must
/// leave the same profile behind.
/// </summary>
public sealed class CurlTests : IDisposable
{
    private const string Sample = "batch=pcId,param1,param2,param3,param4\n123,value1\n124,value1,,,value4\n125,,value2\n126,value1,value2,value3,value4\n";
    private readonly Service _service = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("emulator-").FullName;

    private string Endpoint => _service.Emulator.Endpoint.AbsoluteUri.TrimEnd('/');

    public void Dispose()
    {
        _service.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_documented_sample_file_is_taken(int version)
    {
        Seed(version);
        string xml = await _service.ProcessAsync(Sample, version);
        CheckSample(xml);

        if (Curl() is not { } curl)
        {
            return;
        }

        string file = Path.Combine(_folder, "BATCH.TXT");
        await File.WriteAllTextAsync(file, Sample);
        string path = version == 2 ? "v2/profile/batchUpdate" : "profile/batchUpdate";
        string reply = await RunAsync(curl, "-X", "POST", $"{Endpoint}/m2/acme/{path}", "--data-binary", "@" + file);
        Assert.Equal("true", Text(reply, "success"));
        Assert.Equal(_service.Emulator.Requests[0].BodySha256, _service.Emulator.Requests[^1].BodySha256);

        _service.Emulator.ProcessNow();
        CheckSample(await RunAsync(curl, Text(reply, "batchStatus")! + "&showDetails=true"));
    }

    [Fact]
    public async Task A_batch_sent_without_data_binary_is_destroyed_as_the_documentation_warns()
    {
        if (Curl() is not { } curl)
        {
            using HttpResponseMessage joined = await _service.PostBatchAsync(Sample.Replace("\n", "", StringComparison.Ordinal));
            Assert.Equal("false", Text(await joined.Content.ReadAsStringAsync(), "success"));
            return;
        }

        string file = Path.Combine(_folder, "BATCH.TXT");
        await File.WriteAllTextAsync(file, Sample);
        string reply = await RunAsync(curl, "-d", "@" + file, $"{Endpoint}/m2/acme/v2/profile/batchUpdate");
        Assert.Equal("Batch is empty", Text(reply, "message"));
    }

    [Fact]
    public async Task A_large_file_goes_through_curls_expect_continue()
    {
        string body = "batch=thirdPartyId,a\n" + string.Concat(Enumerable.Range(0, 150_000).Select(row => $"U{row:D9},value{row}\n"));
        Assert.Equal("150000", Text(await _service.ProcessAsync(body), "successfulUpdates"));

        if (Curl() is { } curl)
        {
            string file = Path.Combine(_folder, "LARGE.TXT");
            await File.WriteAllTextAsync(file, body);
            string reply = await RunAsync(curl, "-X", "POST", "--data-binary", "@" + file, $"{Endpoint}/m2/acme/v2/profile/batchUpdate");
            Assert.Equal("true", Text(reply, "success"));
        }
    }

    [Fact]
    public async Task The_documented_single_update_and_fetch_work()
    {
        _service.Emulator.AddProfile(pcId: "1368007744041-575948.01_00");
        string update = "/m2/client/profile/update?mboxPC=1368007744041-575948.01_00&profile.attr1=0&profile.attr2=1";
        string fetch = "/rest/v1/profiles/1368007744041-575948.01_00?client=acme";
        Assert.Equal("true", Text(await _service.GetAsync(update), "success"));
        string json = await _service.GetAsync(fetch);
        Assert.Contains("\"attr1\":{\"value\":\"0\"", json, StringComparison.Ordinal);

        if (Curl() is { } curl)
        {
            Assert.Equal("true", Text(await RunAsync(curl, Endpoint + update.Replace("attr2=1", "attr2=2", StringComparison.Ordinal)), "success"));
            Assert.Contains("\"attr2\":{\"value\":\"2\"", await RunAsync(curl, Endpoint + fetch), StringComparison.Ordinal);
        }
    }

    private static void CheckSample(string xml)
    {
        Assert.Equal("complete", Text(xml, "status"));
        Assert.Equal("4", Text(xml, "batchSize"));
        Assert.Equal(("4", "4", "0", "0"), BulkTests.Counts(xml));
    }

    private static string? Curl()
    {
        string name = OperatingSystem.IsWindows() ? "curl.exe" : "curl";
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }

    private static async Task<string> RunAsync(string curl, params string[] arguments)
    {
        var start = new ProcessStartInfo(curl) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (string argument in (string[])["--silent", "--show-error", "--noproxy", "*", "--max-time", $"{RawClient.Patience.TotalSeconds}", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return output;
    }

    private void Seed(int version)
    {
        if (version == 1)
        {
            foreach (string id in new[] { "123", "124", "125", "126" })
            {
                _service.Emulator.AddProfile(pcId: id);
            }
        }
    }
}
