using System.Text;
using TargetProfiles.Emulator;

namespace TargetProfiles.Cli.Tests;

/// <summary>The token is told by nothing that the command writes: not in clear, not percent-encoded, not as Base64.</summary>
public sealed class SecretTests : Sending
{
    private const string Token = "mark3d-T0ken~f6e54956+41c9/aa0c==";

    private static readonly string[] Marks =
    [
        Token,
        Token[..16],
        Token[^16..],
        Uri.EscapeDataString(Token),
        .. Enumerable.Range(0, 3).Select(offset => Convert.ToBase64String(Encoding.UTF8.GetBytes(new string('x', offset) + Token)).Substring(offset * 2, 32)),
    ];

    public SecretTests() => Emulator.Options.Token = Token;

    [Fact]
    public async Task Success_tells_nothing_of_it()
    {
        var said = await SendAsync(0, "--json", "--verbose", "--wait");
        await SendAsync(0, "--verbose");
        var id = said.Json().GetProperty("batches")[0].GetProperty("batchId").GetString()!;
        await RunAsync(0, ["journal", Journal, "--json"]);
        await RunAsync(0, ["journal", Journal]);
        await RunAsync(0, ["get", "U1", "--json", .. Connection]);
        await RunAsync(0, ["status", id, "--detailed", "--json", .. Connection]);
    }

    [Fact]
    public async Task Its_end_is_warned_of_where_it_is_near()
    {
        Assert.Contains("expired on 2020-01-31", (await SendAsync(0, "--token-expires-at", "2020-01-31T12:00:00Z")).Error, StringComparison.Ordinal);
        await SendAsync(2, "--token-expires-at", "soon");
    }

    [Fact]
    public async Task A_wrong_token_is_not_repeated()
    {
        Emulator.Options.Token = "another";
        await SendAsync(2, "--json", "--verbose");
        await RunAsync(2, ["get", "U1", .. Connection]);
    }

    [Fact]
    public async Task A_server_that_is_down_tells_nothing_of_it()
    {
        Emulator.Stop();
        await SendAsync(3, "--json", "--verbose");
    }

    [Fact]
    public async Task A_server_that_repeats_it_is_not_quoted()
    {
        Emulator.Faults.Add(new WireFault { Kind = FaultKind.SuccessFalse, On = FaultTarget.Submit, Times = 1, Message = $"you sent {Token}, did you" });
        Emulator.Faults.Add(new WireFault { Kind = FaultKind.SuccessFalse, On = FaultTarget.Submit, Times = 1, Message = $"you sent {Convert.ToBase64String(Encoding.UTF8.GetBytes(Token))}, did you" });
        Emulator.Faults.Add(new WireFault { Kind = FaultKind.Redirect, On = FaultTarget.Submit, Times = 1, Location = $"https://login.example.com/?token={Uri.EscapeDataString(Token)}" });
        var said = await SendAsync(2, "--json", "--verbose");
        Assert.Contains("you sent ***, did you", said.Output, StringComparison.Ordinal);
        Assert.Contains("login.example.com/?token=***", said.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hostile_status_url_leads_nowhere()
    {
        Emulator.Options.StatusUrlOverride = $"https://collector.example.com/{Uri.EscapeDataString(Token)}?batchId=1";
        await SendAsync(0, "--json", "--verbose");
        await RunAsync(1, ["status", "--status-uri", "https://collector.example.com/", "1", .. Connection]);
    }

    private string Journal => Path.Combine(Folder, "run.journal");

    private async Task<CommandResult> SendAsync(int exitCode, params string[] options)
    {
        var rows = File("crm.csv", "thirdPartyId,tier\n" + string.Concat(Enumerable.Range(1, 9).Select(i => $"U{i},tier{i}\n")));
        string[] command = ["send", rows, "--journal-path", Journal, "--rejected-path", Path.Combine(Folder, "rejected.csv"), "--max-batch-rows", "3", "--throttle-limit", "1"];
        return await RunAsync(exitCode, [.. command, .. options, .. Connection]);
    }

    private async Task<CommandResult> RunAsync(int exitCode, string[] arguments)
    {
        var result = await CommandLine.RunAsync(arguments, input: [], Token);
        Assert.True(exitCode == result.ExitCode, $"{result.ExitCode}\n{result.Error}");
        string[] told = [result.Output, result.Error, .. Directory.GetFiles(Folder).Select(System.IO.File.ReadAllText)];
        Assert.All(told, text => Assert.All(Marks, mark => Assert.DoesNotContain(mark, text, StringComparison.OrdinalIgnoreCase)));
        return result;
    }
}
