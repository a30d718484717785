using System.Text;

namespace TargetProfiles.Cli.Tests;

/// <summary>Files as they come, and what is said of those that cannot be read.</summary>
public sealed class SourceTests : Sending
{
    private const string Rows = "thirdPartyId,city\nm1,Köln\nm2,Łódź\n";

    [Theory]
    [InlineData("thirdPartyId;city\r\nm1;Köln, Süd\r\n", "--delimiter", ";")]
    [InlineData("thirdPartyId\tcity\nm1\tKöln, Süd\n", "--delimiter", "tab")]
    [InlineData("sep=;\r\nthirdPartyId;city\r\nm1;Köln, Süd\r\n")]
    [InlineData("m1,\"Köln, Süd\"\n", "--header", "thirdPartyId,city")]
    [InlineData("\uFEFFthirdPartyId,city\nm1,\"Köln, Süd\"\n")]
    [InlineData("customer,town,secret\nm1,\"Köln, Süd\",x\n", "--id-property", "customer", "--property-map", "town=city", "--exclude-property", "sec*")]
    public async Task Dialects_of_csv_arrive(string text, params string[] arguments)
    {
        var result = await SendAsync([File("a.csv", text), .. arguments]);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("Köln, Süd", Arrived("m1", "city"));
        Assert.Null(Arrived("m1", "secret"));
    }

    [Fact]
    public async Task Utf16_is_recognised()
    {
        Assert.Equal(0, (await SendAsync(File("a.csv", Rows, Encoding.Unicode))).ExitCode);
        Assert.Equal("Łódź", Arrived("m2", "city"));
    }

    [Fact]
    public async Task Windows_1252_is_read_when_named()
    {
        var file = File("a.csv", "thirdPartyId,city\nm1,Köln €\n", CodePagesEncodingProvider.Instance.GetEncoding(1252));

        Assert.Equal(0, (await SendAsync(file, "--encoding", "windows-1252")).ExitCode);
        Assert.Equal("Köln €", Arrived("m1", "city"));
    }

    [Fact]
    public async Task Quoted_line_ends_and_odd_headers_arrive()
    {
        var file = File("a.csv", "thirdPartyId,Annual Income (k$),note\r\nm1,15,\"one\r\ntwo \"\"three\"\"\"\r\n");

        Assert.Equal(0, (await SendAsync(file)).ExitCode);
        Assert.Equal("15", Arrived("m1", "Annual Income (k$)"));
        Assert.Equal("one\r\ntwo \"three\"", Arrived("m1", "note"));
    }

    [Fact]
    public async Task Standard_input_is_a_source()
    {
        var result = await CommandLine.RunAsync(["send", "-", .. Connection], Encoding.UTF8.GetBytes(Rows));

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("Łódź", Arrived("m2", "city"));
    }

    [Fact]
    public async Task Wildcards_and_several_files_make_one_run()
    {
        File("a1.csv", "thirdPartyId,city\na1,x\n");
        File("a2.csv", "thirdPartyId,tier\na2,y\n");

        var result = await SendAsync(Path.Combine(Folder, "a?.csv"), File("b.csv", Rows));

        Assert.Equal(0, result.ExitCode);
        Assert.Equal((4, "y"), (ProfileCount(), Arrived("a2", "tier")));
    }

    [Fact]
    public async Task A_finished_batch_file_is_sent_as_it_is()
    {
        Assert.Equal(0, (await SendAsync("--batch-path", File("batch.txt", "batch=thirdPartyId,city\nm1,K%C3%B6ln\n"))).ExitCode);
        Assert.Equal("Köln", Arrived("m1", "city"));
    }

    [Fact]
    public async Task An_open_quote_costs_its_row_and_no_other()
    {
        var file = File("a.csv", "thirdPartyId,city,tier\nm1,x,1\nm2,x,2\nm3,\"x,3\nm4,x,4\nm5,x,5\n");

        var result = await SendAsync(file);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("a.csv, row 3 (line 4), column 'city'", result.Error, StringComparison.Ordinal);
        Assert.Equal((4, "5"), (ProfileCount(), Arrived("m5", "tier")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("thirdPartyId,city\n")]
    public async Task An_empty_export_is_a_warning(string text)
    {
        var result = await SendAsync(File("nightly.csv", text));

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("warning: nightly.csv has no rows.", result.Error, StringComparison.Ordinal);
        Assert.Contains("Balanced: 0 read = 0.", result.Output, StringComparison.Ordinal);
        Assert.Empty(Emulator.Requests);
    }

    [Theory]
    [InlineData("thirdPartyId,city,City\nm1,a,b\n", "columns 2 and 3 of the header have the same name, 'City'")]
    [InlineData("name,city\nm1,a\n", "--id-property")]
    [InlineData("thirdPartyId;city\nm1;a\n", "--delimiter")]
    [InlineData("thirdPartyId,\"city\nm1,a\n", "the header cannot be read")]
    public async Task A_file_that_cannot_be_read_is_one_error(string text, string said)
    {
        var result = await SendAsync(File("crm.csv", text));

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains("crm.csv", result.Error, StringComparison.Ordinal);
        Assert.Contains(said, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n'), line => line.StartsWith("error: ", StringComparison.Ordinal));
        Assert.Empty(Emulator.Requests);
    }

    [Fact]
    public async Task What_is_not_there_is_told_before_anything_is_sent()
    {
        var good = File("a.csv", Rows);

        var missing = await SendAsync(good, Path.Combine(Folder, "b.csv"));
        var folder = await SendAsync(good, Folder);
        var unmatched = await SendAsync(good, Path.Combine(Folder, "*.tsv"));

        Assert.Equal((2, 2, 2), (missing.ExitCode, folder.ExitCode, unmatched.ExitCode));
        Assert.Contains("There is no file", missing.Error, StringComparison.Ordinal);
        Assert.Contains("is a folder", folder.Error, StringComparison.Ordinal);
        Assert.Contains("No file matches", unmatched.Error, StringComparison.Ordinal);
        Assert.Empty(Emulator.Requests);
    }

    [Theory]
    [InlineData("There is nothing to send")]
    [InlineData("encoding 'klingon'", "a.csv", "--encoding", "klingon")]
    [InlineData("--delimiter takes one character", "a.csv", "--delimiter", "::")]
    [InlineData("--property-map takes COLUMN=NAME", "a.csv", "--property-map", "city")]
    [InlineData("--max-batch-rows must be", "a.csv", "--max-batch-rows", "500000")]
    [InlineData("--no-such-option", "a.csv", "--no-such-option")]
    [InlineData("--max-batch-rows takes a whole number", "a.csv", "--max-batch-rows", "many")]
    [InlineData("v3", "a.csv", "--api-version", "v3")]
    public async Task A_wrong_command_line_is_usage(string said, params string[] arguments)
    {
        File("a.csv", Rows);

        var result = await SendAsync([.. arguments.Select(argument => argument == "a.csv" ? Path.Combine(Folder, argument) : argument)]);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(said, result.Error, StringComparison.Ordinal);
    }
}
