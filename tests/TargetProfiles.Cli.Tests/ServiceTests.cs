using System.Net;
using TargetProfiles.Core.Tests;
using TargetProfiles.Emulator;

namespace TargetProfiles.Cli.Tests;

/// <summary>What the service says, and what the user is told of it.</summary>
public sealed class ServiceTests : Sending
{
    private string Members => File("members.csv", "thirdPartyId,city\nm1,Köln\nm2,Łódź\n");

    [Fact]
    public async Task A_wrong_token_stops_the_run_with_a_remedy_and_shows_no_token()
    {
        Emulator.Options.Token = "another-token";

        foreach (var extra in new[] { Array.Empty<string>(), ["--json"], ["--verbose"] })
        {
            var result = await CommandLine.RunAsync(["send", Members, .. Connection, .. extra], [], CommandLine.Token);

            Assert.Equal(2, result.ExitCode);
            Assert.Contains("Copy the current one from Target", result.Error, StringComparison.Ordinal);
            Assert.Contains("same command again", result.Error, StringComparison.Ordinal);
            Assert.DoesNotContain(CommandLine.Token, result.Output + result.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_token_comes_from_the_environment_or_a_file()
    {
        Emulator.Options.Token = CommandLine.Token;

        var none = await SendAsync(Members);
        var fromEnvironment = await CommandLine.RunAsync(["send", Members, "--wait", .. Connection], [], CommandLine.Token);
        var fromFile = await SendAsync(Members, "--token-file", File("token.txt", CommandLine.Token + "\n"));
        var noFile = await SendAsync(Members, "--token-file", Path.Combine(Folder, "nothing"));

        Assert.Equal((2, 0, 0, 2), (none.ExitCode, fromEnvironment.ExitCode, fromFile.ExitCode, noFile.ExitCode));
    }

    [Fact]
    public async Task A_proxy_gets_its_credentials_from_a_file()
    {
        using var proxy = new ForwardProxy(credential: new NetworkCredential("user", "proxy:secret"));
        string[] through = ["--proxy", proxy.Address.Authority];

        var none = await SendAsync([Members, .. through]);
        var served = proxy.Served;
        var fromFile = await SendAsync([Members, .. through, "--proxy-credential-file", File("proxy.txt", "user:proxy:secret\n")]);
        var wrongFile = await SendAsync([Members, .. through, "--proxy-credential-file", File("empty.txt", "user\n")]);
        var contradiction = await SendAsync([Members, .. through, "--no-proxy"]);

        Assert.Equal((2, 0, 0, 2, 2), (none.ExitCode, served, fromFile.ExitCode, wrongFile.ExitCode, contradiction.ExitCode));
        Assert.Contains("--proxy-credential-file", none.Error, StringComparison.Ordinal);
        Assert.True(proxy.Served > 0);
        Assert.Contains("leave it away, or --proxy,", contradiction.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_client_code_stops_the_run_with_a_remedy()
    {
        var result = await CommandLine.RunAsync("send", Members, "--client-code", "nobody", "--endpoint", Endpoint, "--maximum-retry-count", "0");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("Check the client code in Target", result.Error, StringComparison.Ordinal);
        Assert.Contains("Balanced: 2 read = 2 not sent.", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_connection_stops_the_run_with_one_error()
    {
        Emulator.CloseListeners();

        var result = await SendAsync(Members);

        Assert.Equal(3, result.ExitCode);
        var error = Assert.Single(result.Error.Split('\n'), line => line.StartsWith("error: ", StringComparison.Ordinal));
        Assert.Contains("the connection was refused. Check the endpoint", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_untrusted_certificate_is_named()
    {
        using var secure = TargetEmulator.Start(new EmulatorOptions { UseTls = true });

        var result = await CommandLine.RunAsync(
            "send", Members, "--client-code", "acme", "--endpoint", secure.Endpoint.GetLeftPart(UriPartial.Authority), "--maximum-retry-count", "0");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("certificate is not trusted", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_batch_does_not_stop_the_others()
    {
        Emulator.Faults.Add(new WireFault { Kind = FaultKind.SuccessFalse, On = FaultTarget.Submit, Message = "Bad header" });

        var result = await SendAsync(Members, "--max-batch-rows", "1", "--throttle-limit", "1");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("error: Batch 1 (rows 1 to 1) was refused.", result.Error, StringComparison.Ordinal);
        Assert.Contains("Bad header", result.Error, StringComparison.Ordinal);
        Assert.Contains("Balanced: 2 read = 1 accepted + 1 refused.", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_if_tells_the_plan_without_a_connection()
    {
        var result = await CommandLine.RunAsync("send", Members, "--what-if");

        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("Send 2 of 2 rows", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_if_sends_nothing()
    {
        Assert.Equal(0, (await SendAsync(Members, "--what-if")).ExitCode);
        Assert.Empty(Emulator.Requests);
    }

    [Fact]
    public async Task No_client_code_is_configuration()
    {
        var result = await CommandLine.RunAsync("send", Members);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains("--client-code", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stuck_batch_is_not_success()
    {
        Emulator.Options.ForceStuck = true;

        var result = await SendAsync(Members, "--wait");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("could not process it; it says 'stuck'", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Statuses_are_asked_for_by_batch_id()
    {
        var sent = (await SendAsync(Members, "--json")).Json().GetProperty("batches")[0].GetProperty("batchId").GetString()!;
        Assert.Equal(2, ProfileCount());

        var table = await CommandLine.RunAsync(["status", sent, "--wait", "--detailed", .. Connection]);
        var json = await CommandLine.RunAsync(["status", sent, "acme-unknown", "--json", .. Connection]);

        Assert.Equal((0, 1), (table.ExitCode, json.ExitCode));
        Assert.Contains(sent, table.Output, StringComparison.Ordinal);
        Assert.Equal(["complete", "unknown"], json.Json().EnumerateArray().Select(status => status.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task Profiles_are_fetched_by_each_kind_of_id()
    {
        Emulator.AddProfile("111492025094307-353046.28_20", "m1", "38400000000000000001", new Dictionary<string, string> { ["city"] = "Köln" });

        var byThirdPartyId = await CommandLine.RunAsync(["get", "m1", "m0", .. Connection]);
        var byPcId = await CommandLine.RunAsync(["get", "111492025094307-353046", "--id-type", "pcId", "--json", .. Connection]);
        var byEcid = await CommandLine.RunAsync(["get", "38400000000000000001", "--id-type", "ecid", "--json", .. Connection]);

        Assert.Equal((1, 0, 0), (byThirdPartyId.ExitCode, byPcId.ExitCode, byEcid.ExitCode));
        Assert.Contains("Köln", byThirdPartyId.Output, StringComparison.Ordinal);
        Assert.Contains("m0", byThirdPartyId.Error, StringComparison.Ordinal);
        Assert.Equal("Köln", byPcId.Json()[0].GetProperty("attributes").GetProperty("city").GetString());
        Assert.Equal("Köln", byEcid.Json()[0].GetProperty("attributes").GetProperty("city").GetString());
    }
}
