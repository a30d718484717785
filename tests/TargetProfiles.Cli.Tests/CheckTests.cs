using System.Text.Json;

namespace TargetProfiles.Cli.Tests;

/// <summary>The rules without sending, and rejected rows in a file.</summary>
public sealed class CheckTests : Sending
{
    private static string WithMistakes => Path.Combine(CommandLine.Samples, "loyalty-members-with-mistakes.csv");

    [Fact]
    public async Task Check_names_every_mistake_and_needs_no_client_code()
    {
        var result = await CommandLine.RunAsync("check", WithMistakes, "--exclude-rule", "value.comma");

        Assert.Equal((1, "200 rows checked: 9 errors, 0 warnings."), (result.ExitCode, result.Output.Trim()));
        Assert.Equal(9, result.Error.Split('\n').Count(line => line.StartsWith("error: ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Check_of_a_sound_file_is_content()
    {
        var result = await CommandLine.RunAsync("check", File("a.csv", "thirdPartyId,city\nm1,Rome\n"));
        Assert.Equal((0, "1 row checked: 0 errors, 0 warnings."), (result.ExitCode, result.Output.Trim()));
    }

    [Fact]
    public async Task Check_reads_finished_batch_files_and_tells_json()
    {
        var result = await CommandLine.RunAsync("check", "--batch-path", File("b.txt", "batch=thirdPartyId,a\nU1,x y\n"), "--json");

        Assert.Equal(1, result.ExitCode);
        using var document = JsonDocument.Parse(result.Output);
        var row = Assert.Single(document.RootElement.GetProperty("rejectedRows").EnumerateArray());
        Assert.Equal(("batch.unencoded", 2), (row.GetProperty("rule").GetString(), row.GetProperty("line").GetInt32()));
    }

    [Theory]
    [InlineData("send", "There is nothing to send")]
    [InlineData("send --no-such-option x.csv", "--no-such-option")]
    [InlineData("send no-such-file.csv --client-code acme", "no-such-file.csv")]
    [InlineData("send - --emulator --endpoint http://localhost:1", "--endpoint")]
    [InlineData("status acme-1-1", "client code")]
    public async Task Command_that_cannot_begin_says_why_as_json_too(string command, string error)
    {
        var result = await CommandLine.RunAsync([.. command.Split(' '), "--json"]);

        var document = result.Json();
        Assert.Equal((2, 2), (result.ExitCode, document.GetProperty("exitCode").GetInt32()));
        Assert.Contains(error, document.GetProperty("error").GetString(), StringComparison.OrdinalIgnoreCase);
        Assert.Contains(error, result.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Rejected_rows_go_to_the_file_and_are_told_once()
    {
        var rejected = Path.Combine(Folder, "rejected.csv");
        var result = await SendAsync(WithMistakes, "--rejected-path", rejected);

        Assert.Equal(1, result.ExitCode);
        Assert.DoesNotContain("error: ", result.Error, StringComparison.Ordinal);
        Assert.Contains($"9 rows were rejected", result.Error, StringComparison.Ordinal);
        Assert.Equal(9, (await System.IO.File.ReadAllLinesAsync(rejected)).Length - 1);
    }

    [Fact]
    public async Task A_run_that_is_mostly_wrong_stops()
    {
        var text = "thirdPartyId,a\n" + string.Concat(Enumerable.Repeat("a+b,1\n", 30));
        var result = await SendAsync(File("wrong.csv", text), "--max-rejected", "5");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("raise --max-rejected", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_does_not_take_back_the_one_before_it()
    {
        var result = await SendAsync(File("good.csv", "thirdPartyId,a\nU1,1\n"), File("bad.csv", "thirdPartyId,a,A\nU2,1,2\n"));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("Balanced: 1 read = 1 accepted. The source was not read to its end.", result.Output, StringComparison.Ordinal);
        Assert.Equal(1, ProfileCount());
    }

    [Theory]
    [InlineData("--property")]
    [InlineData("--exclude-property")]
    [InlineData("--hash-property")]
    public async Task A_column_that_is_not_there_ends_the_run_before_it_begins(string option)
    {
        var result = await SendAsync(File("a.csv", "thirdPartyId,city\nm1,Rome\n"), option, "typo");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains($"{option} names 'typo'", result.Error, StringComparison.Ordinal);
        Assert.Empty(Emulator.Batches);
    }

    [Fact]
    public async Task A_proxy_that_is_no_address_is_a_setting()
    {
        var result = await SendAsync(File("a.csv", "thirdPartyId,city\nm1,Rome\n"), "--proxy", "ftp://proxy.example");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--proxy is no address", result.Error, StringComparison.Ordinal);
    }
}
