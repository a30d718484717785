using TargetProfiles.Rows;

namespace TargetProfiles.Core.Tests;

/// <summary>Files that Import-Csv would silently repair or cut: told by row and column, and nothing wrong gets through.</summary>
public sealed class CsvFaultTests
{
    [Fact]
    public void Surplus_field_is_told_with_its_column_and_the_other_rows_arrive()
    {
        var records = Csv.Records("id,a\n1,x\n2,y,z\n3,w\n");
        Assert.Equal(("csv.surplus-field", 2L, 3L, 3), (records[1].Fault, records[1].Row, records[1].Line, records[1].FaultColumn));
        Assert.Equal([["1", "x"], ["3", "w"]], Sound(records));
    }

    [Fact]
    public void Empty_surplus_fields_are_no_fault() =>
        Assert.Equal([["1", "x"]], Csv.Rows("id,a\n1,x,,\"\", \n"));

    [Fact]
    public void Text_after_a_closing_quote_is_told_with_its_column()
    {
        var records = Csv.Records("id,a\n1,\"x\" y\n2,\"it\"s\"\n3,w\n");
        Assert.Equal([(1, "csv.text-after-quote", 2), (2, "csv.text-after-quote", 2)], records.Where(record => record.Fault is not null).Select(record => ((int)record.Row, record.Fault!, record.FaultColumn)));
        Assert.Equal([["3", "w"]], Sound(records));
    }

    [Theory]
    [InlineData("4,d", "5,e")]
    [InlineData("4,\"d\"", "5,e")]
    [InlineData("4,\"d, D\"", "5,\"\"")]
    [InlineData("4,\"d\r\nD\"", "5,e")]
    [InlineData("4,", "\"5\",e")]
    public void Open_quote_at_row_3_costs_row_3_only(string row4, string row5)
    {
        var text = $"id,a\n1,a\n2,b\n3,\"c\n{row4}\n{row5}\n6,f\n";
        var expected = Csv.Rows($"id,a\n1,a\n2,b\n{row4}\n{row5}\n6,f\n");
        var records = Csv.Records(text);
        Assert.Equal(expected, Sound(records));
        var fault = Assert.Single(records, record => record.Fault is not null);
        Assert.Equal((3L, 4L, 2), (fault.Row, fault.Line, fault.FaultColumn));
        Assert.StartsWith("csv.", fault.Fault);
        Assert.Equal(Enumerable.Range(1, records.Count), records.Select(record => (int)record.Row));
    }

    [Fact]
    public void Lines_below_an_open_quote_that_do_not_fit_the_header_are_no_rows()
    {
        var records = Csv.Records("id,a,b\n1,\"open,x\nfree text\nmore, text\n2,y,z\n");
        Assert.Equal([["2", "y", "z"]], Sound(records));
        Assert.Equal(["csv.open-quote", "csv.after-open-quote", "csv.after-open-quote", null], records.Select(record => record.Fault));
    }

    [Fact]
    public void Open_quote_in_the_last_row_costs_that_row()
    {
        var records = Csv.Records("id,a\n1,x\n2,\"y");
        Assert.Equal([null, "csv.open-quote"], records.Select(record => record.Fault));
    }

    [Fact]
    public void Open_quote_in_a_large_file_does_not_swallow_it()
    {
        var rows = Enumerable.Range(0, 60_000).Select(i => i == 2 ? "2,\"open" : $"{i},value number {i} of many");
        var records = Csv.Records("id,a\n" + string.Join("\n", rows));
        Assert.Equal(60_000, records.Count);
        Assert.Equal("csv.open-quote", Assert.Single(records, record => record.Fault is not null).Fault);
        Assert.Equal(("59999", 60_001L), (records[^1].Fields[0], records[^1].Line));
    }

    [Fact]
    public void Overlong_record_is_rejected_and_the_next_one_arrives()
    {
        var records = Csv.Records($"id,a\n1,{new string('x', CsvTokenizer.MaxRecordBytes + 500_000)}\n2,y\n");
        Assert.Equal(["row.too-large", null], records.Select(record => record.Fault));
        Assert.Equal(["2", "y"], records[1].Fields);
        Assert.Equal(3, records[1].Line);
    }

    [Fact]
    public void Short_rows_are_rows() =>
        Assert.Equal([["1"], ["2", "x"]], Csv.Rows("id,a,b\n1\n2,x\n"));

    [Fact]
    public void Empty_file_has_no_header_and_no_rows()
    {
        Assert.Empty(Csv.Header(""));
        Assert.Empty(Csv.Records("\n\n"));
        Assert.Empty(Csv.Records("\uFEFF"));
    }

    [Fact]
    public void Header_alone_has_no_rows()
    {
        Assert.Equal(["id", "a"], Csv.Header("id,a"));
        Assert.Empty(Csv.Records("id,a\r\n"));
    }

    [Theory]
    [InlineData("id,Name,name\n", "columns 2 and 3", "'name'")]
    [InlineData("id,a,id\n", "columns 1 and 3", "'id'")]
    [InlineData("id,,a\n", "column 2", "no name")]
    [InlineData("id,\" \",a\n", "column 2", "no name")]
    [InlineData("id;a\n", "-Delimiter ';'", "single column")]
    [InlineData("id\ta\n", "-Delimiter \"`t\"", "holds tabs")]
    [InlineData("id|a\n", "-Delimiter '|'", "single column")]
    [InlineData("id,\"a\n1,x\n", "line 1, column 2", "A quote opens")]
    [InlineData("id,\"a\"b\n1,x\n", "line 1, column 2", "Text follows")]
    [InlineData("\n\nid,\"a\n", "line 3, column 2", "A quote opens")]
    public void Header_fault_names_file_column_and_what_to_do(string text, string where, string what)
    {
        var message = Csv.HeaderFault(text);
        Assert.StartsWith("test.csv", message);
        Assert.Contains(where, message);
        Assert.Contains(what, message);
    }

    [Theory]
    [InlineData('"')]
    [InlineData('\n')]
    [InlineData('\r')]
    [InlineData('é')]
    public void Delimiter_that_cannot_be_one_is_refused(char delimiter) =>
        Assert.Contains("cannot be used", Csv.HeaderFault("id,a\n", new CsvOptions { Delimiter = delimiter }));

    [Theory]
    [InlineData("sep=\n\n")]
    [InlineData("sep=\"\nid\n")]
    [InlineData("sep=\r\n\n")]
    public void Separator_line_that_names_no_usable_delimiter_is_an_ordinary_line(string text) =>
        Assert.StartsWith("sep=", Csv.Header(text)[0]);

    private static IEnumerable<string[]> Sound(IEnumerable<CsvRecord> records) =>
        records.Where(record => record.Fault is null).Select(record => record.Fields);
}
