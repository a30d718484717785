namespace TargetProfiles.Cli.Tests;

/// <summary>Rows of the same id, from files and from standard input.</summary>
public sealed class DuplicateTests : Sending
{
    private const string Rows = "thirdPartyId,city,tier\nm1,Rome,gold\nm1,Oslo,\n";

    [Fact]
    public async Task Files_are_merged_across_each_other()
    {
        var result = await SendAsync(File("a.csv", Rows), File("b.csv", "thirdPartyId,tier\nm1,red\nm2,blue\n"), "--verbose");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("Balanced: 4 read = 2 accepted + 2 merged.", result.Output, StringComparison.Ordinal);
        Assert.Contains("2 rows were merged into earlier rows of the same id.", result.Error, StringComparison.Ordinal);
        Assert.Equal(("Oslo", "red"), (Arrived("m1", "city"), Arrived("m1", "tier")));
    }

    [Fact]
    public async Task Standard_input_rejects_later_rows_and_cannot_merge_them()
    {
        var rejected = await CommandLine.RunAsync(["send", "-", .. Connection], System.Text.Encoding.UTF8.GetBytes(Rows));
        Assert.Equal(1, rejected.ExitCode);
        Assert.Contains("The id stands in row 1 already.", rejected.Error, StringComparison.Ordinal);
        Assert.Contains("--duplicate-id-action", rejected.Error, StringComparison.Ordinal);
        Assert.Equal("Rome", Arrived("m1", "city"));

        var merged = await CommandLine.RunAsync(["send", "-", "--duplicate-id-action", "merge", .. Connection], System.Text.Encoding.UTF8.GetBytes(Rows));
        Assert.Equal(2, merged.ExitCode);
        Assert.Contains("--duplicate-id-action merge needs files", merged.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_warns_of_them()
    {
        var result = await CommandLine.RunAsync("check", File("a.csv", Rows));

        Assert.Equal((0, "2 rows checked: 0 errors, 1 warning."), (result.ExitCode, result.Output.Trim()));
        Assert.Contains("row 2 (line 3), column 'thirdPartyId': The id stands in row 1 already.", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_embedded_emulator_compares_merged_rows_too()
    {
        var result = await CommandLine.RunAsync("send", File("a.csv", Rows + "m2,Bern,red\n"), "--emulator");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("Sample: 2 of 2 rows fetched back hold every value of their row", result.Output, StringComparison.Ordinal);
    }
}
