namespace TargetProfiles.Cli.Tests;

/// <summary>Rows held against the profiles that came of them, and rows that go ahead.</summary>
public sealed class CompareTests : Sending
{
    private const string Csv = "thirdPartyId,tier,city\nU1,gold,\"Graz, Perth\"\nU2,silver,\nU3+,red,\n";

    [Fact]
    public async Task Rows_that_arrived_compare_equal_and_the_counts_go_into_the_journal()
    {
        var journal = Path.Combine(Folder, "crm.journal");
        await SendAsync(File("crm.csv", Csv), "--journal-path", journal, "--wait");
        var result = await CompareAsync(File("crm.csv", Csv), "--timeout-sec", "0", "--journal-path", journal);
        Assert.Equal((0, ""), (result.ExitCode, string.Concat(result.Complaints)));
        Assert.Equal("2 rows compared: 2 match. 1 rejected by a rule and not compared.", result.Output.Trim());
        Assert.Contains("\"type\":\"compared\"", System.IO.File.ReadLines(journal).Last(), StringComparison.Ordinal);
        var told = await CommandLine.RunAsync("journal", journal);
        Assert.Contains("The run was completed", told.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_that_do_not_match_stand_in_a_table_and_the_exit_code_is_1()
    {
        await SendAsync(File("crm.csv", Csv), "--wait");
        var changed = File("changed.csv", "thirdPartyId,tier\nU1,platinum\nU2,silver\nU9,red\n");
        var result = await CompareAsync(changed, "--timeout-sec", "0");
        Assert.Equal(1, result.ExitCode);
        Assert.Matches("(?m)^ +1 +U1 +different +tier +platinum +gold", result.Output);
        Assert.Matches("(?m)^ +3 +U9 +not yet", result.Output);
        Assert.Contains("3 rows compared: 1 match, 1 different, 1 not there yet.", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("platinum", result.Error, StringComparison.Ordinal);

        var comparison = (await CompareAsync(changed, "--timeout-sec", "0", "--json", "--include-equal")).Json().GetProperty("comparison");
        Assert.Equal(3, comparison.GetProperty("rows").GetArrayLength());
        Assert.Equal("gold", comparison.GetProperty("rows")[0].GetProperty("found").GetProperty("tier").GetString());
        Assert.Equal("notYet", comparison.GetProperty("rows")[2].GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Server_that_is_down_is_exit_code_3_and_a_file_that_is_not_there_2()
    {
        var csv = File("crm.csv", Csv);
        Emulator.Stop();
        var result = await CompareAsync(csv);
        Assert.Equal(3, result.ExitCode);
        Assert.Contains("the connection was refused", result.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await CompareAsync(csv + ".none")).ExitCode);
    }

    [Fact]
    public async Task Interrupted_comparison_tells_what_is_known()
    {
        using var command = CommandLine.Start(["compare", File("crm.csv", Csv), .. Connection]);
        await WaitUntilAsync(() => Emulator.Requests.Count > 2);
        command.Signal("INT");
        var result = await command.EndAsync();
        Assert.Equal(130, result.ExitCode);
        Assert.Equal("2 rows compared: 2 not there yet. 1 rejected by a rule and not compared.", result.Output.Trim());
    }

    [Fact]
    public async Task Interrupted_comparison_is_a_whole_document_with_its_counts()
    {
        using var command = CommandLine.Start(["compare", File("crm.csv", Csv), "--json", .. Connection]);
        await WaitUntilAsync(() => Emulator.Requests.Count > 2);
        command.Signal("INT");
        var result = (await command.EndAsync()).Json();
        Assert.Equal(130, result.GetProperty("exitCode").GetInt32());
        var comparison = result.GetProperty("comparison");
        Assert.Equal((2, 2, 0), (comparison.GetProperty("notYet").GetInt32(), comparison.GetProperty("notListed").GetInt32(), comparison.GetProperty("rows").GetArrayLength()));
    }

    [Fact]
    public async Task Table_lists_a_thousand_rows_and_counts_them_all()
    {
        var file = File("many.csv", "thirdPartyId,tier\n" + string.Concat(Enumerable.Range(1, 1_003).Select(i => $"V{i},gold\n")));
        var result = await CompareAsync(file, "--timeout-sec", "0");
        Assert.Equal(1_000, result.Output.Split('\n').Count(line => line.Contains("not yet", StringComparison.Ordinal)));
        Assert.Contains("3 more rows are counted and not listed. With --json all are listed.", result.Output, StringComparison.Ordinal);
        Assert.Contains("1,003 rows compared: 1,003 not there yet.", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Document_lists_every_row_in_flat_memory()
    {
        const int Rows = 1_200;
        const int Columns = 16;
        var value = new string('v', 2_000);
        var values = string.Concat(Enumerable.Repeat("," + value, Columns));
        var file = File("large.csv", "thirdPartyId," + string.Join(",", Enumerable.Range(1, Columns).Select(i => $"a{i}")) + "\n" + string.Concat(Enumerable.Range(1, Rows).Select(i => $"V{i}{values}\n")));
        // The rows alone would take more.
        var result = await CommandLine.RunAsync(["compare", file, "--json", "--timeout-sec", "0", .. Connection], [], heapBytes: 64 << 20);
        Assert.Equal((1, ""), (result.ExitCode, string.Concat(result.Complaints)));
        var comparison = result.Json().GetProperty("comparison");
        Assert.Equal((Rows, 0), (comparison.GetProperty("rows").GetArrayLength(), comparison.GetProperty("notListed").GetInt32()));
        Assert.Equal(value, comparison.GetProperty("rows")[Rows - 1].GetProperty("expected").GetProperty("a16").GetString());
    }

    [Fact]
    public async Task Canary_that_is_lost_is_exit_code_3_and_the_same_command_goes_on_once_it_is_there()
    {
        string[] command = [File("crm.csv", Csv), "--canary", "1", "--timeout-sec", "1", "--journal-path", Path.Combine(Folder, "crm.journal"), "--rejected-path", Path.Combine(Folder, "rejected.csv")];
        Emulator.Options.FetchLag = TimeSpan.FromHours(1);
        var lost = await SendAsync(command);
        Assert.Equal(3, lost.ExitCode);
        Assert.Contains("1 row compared: 1 missing.", lost.Error, StringComparison.Ordinal);
        Assert.Contains("target-profiles compare", lost.Error, StringComparison.Ordinal);
        Assert.Contains("goes on where this one ended", lost.Error, StringComparison.Ordinal);
        Assert.Equal(1, ProfileCount());

        Emulator.Options.FetchLag = TimeSpan.Zero;
        var arrived = await SendAsync(command);
        Assert.Equal(1, arrived.ExitCode);
        Assert.Contains("Balanced: 3 read = 2 accepted + 1 rejected.", arrived.Output, StringComparison.Ordinal);
        Assert.Equal(2, Emulator.Batches.Count);
    }

    [Fact]
    public async Task Plan_tells_of_the_canary()
    {
        var result = await SendAsync(File("crm.csv", Csv), "--canary", "1", "--what-if");
        Assert.Contains("The first row would go alone", result.Output, StringComparison.Ordinal);
        Assert.Empty(Emulator.Requests);
    }

    private Task<CommandResult> CompareAsync(params string[] arguments) => CommandLine.RunAsync(["compare", .. arguments, .. Connection]);
}
