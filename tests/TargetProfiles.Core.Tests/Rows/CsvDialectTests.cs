using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using FsCheck;
using FsCheck.Fluent;

namespace TargetProfiles.Core.Tests;

/// <summary>Well-formed files: RFC 4180 against CsvHelper, and Import-Csv's dialect as PowerShell 7.6 showed it.</summary>
public sealed class CsvDialectTests
{
    private static readonly Gen<(string Text, char Delimiter, int AtATime)> File =
        from delimiter in Gen.Elements(',', ';', '\t', '|')
        from newLine in Gen.Elements("\n", "\r\n")
        from columns in Gen.Choose(1, 4)
        from rows in Gen.ArrayOf(Gen.ArrayOf(Field(delimiter), columns))
        from lastLineEnds in Gen.Elements(true, false)
        from atATime in Gen.Choose(1, 40)
        select (Written(columns, rows, delimiter, newLine, lastLineEnds), delimiter, atATime);

    [Fact]
    public void Rfc_4180_files_read_as_another_reader_reads_them_at_any_buffer_boundary() =>
        Generators.Check(File, file =>
        {
            var expected = ByCsvHelper(file.Text, file.Delimiter);
            var options = new CsvOptions { Delimiter = file.Delimiter };
            return Same(expected, Csv.Rows(file.Text, options, file.AtATime)) && Same(expected, Csv.Rows(file.Text, options));
        }, 400);

    [Fact]
    public void Rows_lines_and_faults_are_the_same_at_any_buffer_boundary() =>
        Generators.Check(from text in Generators.Text from rest in Generators.Text from atATime in Gen.Choose(1, 5) select (Text: $"id,a\r\n1,{text}\r\n\r\n2,\"{rest}\r\n3,x\r\n", atATime), file =>
        {
            static IEnumerable<string> Told(IEnumerable<CsvRecord> records) => records.Select(record => $"{record.Row} {record.Line} {record.Fault} {string.Join('|', record.Fields)}");
            var bytes = Encoding.UTF8.GetBytes(file.Text);
            return Told(Csv.Records(bytes)).SequenceEqual(Told(Csv.Records(bytes, null, file.atATime)));
        }, 400);

    [Fact]
    public void Records_across_and_beyond_the_buffer_keep_every_field()
    {
        var random = new Random(1);
        var rows = Enumerable.Range(0, 300).Select(i => new[] { $"{i}", new string((char)('a' + (i % 26)), random.Next(3000)), i == 150 ? new string('"', 400_000) : $"\"{i},\r\n" }).ToArray();
        var text = Written(3, rows, ',', "\r\n", true);
        Assert.True(text.Length > 1_000_000);
        Assert.True(Same(rows, Csv.Rows(text)));
        Assert.True(Same(rows, Csv.Rows(text, null, 65_536)));
    }

    // The right side is what Import-Csv gave for the same bytes.
    [Theory]
    [InlineData("1, x", "1|x")]
    [InlineData("  1,x", "1|x")]
    [InlineData("\t1,\tx", "1|x")]
    [InlineData("1,x ", "1|x ")]
    [InlineData("1,x  ", "1|x ")]
    [InlineData("1,x\t ", "1|x\t")]
    [InlineData("1,x y", "1|x y")]
    [InlineData("1,x y  ", "1|x y  ")]
    [InlineData("1,a\"b", "1|a\"b")]
    [InlineData("1,a\"b  ", "1|a\"b  ")]
    [InlineData("1,a \"b\"", "1|a \"b\"")]
    [InlineData("1,a b\"  ", "1|a b\"  ")]
    [InlineData("\"1\"  ,x", "1|x")]
    [InlineData("1,  \"x\"  ", "1|x")]
    [InlineData("1,\" x \"", "1| x ")]
    [InlineData("1,\"\"", "1|")]
    [InlineData("1,\"q\"\"q\"", "1|q\"q")]
    [InlineData("1,", "1|")]
    [InlineData("1", "1")]
    [InlineData("#1,x", "#1|x")]
    [InlineData("1,\u00A0x\u00A0", "1|\u00A0x\u00A0")]
    [InlineData("1,x\0y", "1|x\0y")]
    [InlineData("1,x,,", "1|x")]
    [InlineData("1,\"l1\r\nl2\"", "1|l1\r\nl2")]
    [InlineData("1,\"l1\rl2\"", "1|l1\rl2")]
    [InlineData("\n   \n1,x\n\n", "1|x")]
    [InlineData("1,x\n   ", "1|x")]
    public void Row_reads_as_import_csv_reads_it(string row, string fields)
    {
        var expected = fields.Split('|');
        foreach (var end in row.EndsWith(' ') ? new[] { "\n" } : ["\n", ""])
            Assert.Equal([expected], Csv.Rows($"id,a\n{row}{end}"));
    }

    [Theory]
    [InlineData("id,a,\n1,x,", "id|a")]
    [InlineData("id,a,,\n1,x", "id|a")]
    [InlineData("#TYPE Foo\nid,a\n1,x", "id|a")]
    [InlineData("# c\n# d\nid,a\n1,x", "id|a")]
    [InlineData("#Software: z\n#Fields: id,a\n1,x", "id|a")]
    [InlineData("\"#id\",a\nid,b\n1,x", "id|b")]
    [InlineData("id , a\n1,x", "id |a")]
    [InlineData("\"id\" ,\"a\"\n1,x", "id|a")]
    public void Header_reads_as_import_csv_reads_it(string text, string names)
    {
        Assert.Equal(names.Split('|'), Csv.Header(text));
        Assert.Equal([["1", "x"]], Csv.Rows(text));
    }

    [Fact]
    public void Lone_carriage_return_ends_a_line() =>
        Assert.Equal([["1", "x"], ["2", "y"]], Csv.Rows("id,a\r1,x\r2,y\r"));

    [Fact]
    public void Blank_lines_are_no_rows_but_count_as_lines()
    {
        var records = Csv.Records("id,a\n\n1,\"x\r\ny\"\n  \n2,z\n");
        Assert.Equal([(1L, 3L), (2L, 6L)], records.Select(record => (record.Row, record.Line)));
    }

    [Theory]
    [InlineData("sep=;\r\nid;a\r\n1;x,y", "x,y")]
    [InlineData("\"sep=;\"\nid;a\n1;x,y", "x,y")]
    [InlineData("sep=\t\nid\ta\n1\tx", "x")]
    public void Separator_line_of_spreadsheets_is_followed_and_not_data(string text, string value)
    {
        var record = Assert.Single(Csv.Records(text));
        Assert.Equal(["1", value], record.Fields);
        Assert.Equal(3, record.Line);
    }

    [Fact]
    public void Given_header_makes_the_first_line_a_row() =>
        Assert.Equal([["1", "x"], ["2", "y"]], Csv.Rows("1,x\n2,y\n", new CsvOptions { Header = ["id", "a"] }));

    private static Gen<string> Field(char delimiter) =>
        Gen.OneOf(Generators.Text, Generators.Text.Select(text => text + delimiter), Generators.Word);

    private static string Written(int columns, string[][] rows, char delimiter, string newLine, bool lastLineEnds)
    {
        var lines = rows.Select(row => string.Join(delimiter, row.Select(field => Quoted(field, delimiter))))
            .Prepend(string.Join(delimiter, Enumerable.Range(1, columns).Select(i => $"c{i}")));
        return string.Join(newLine, lines) + (lastLineEnds ? newLine : "");
    }

    // Quotes wherever a dialect could differ, so that RFC 4180 says what the field is.
    private static string Quoted(string field, char delimiter) =>
        field.Length == 0 || field.Any(c => c is '"' or '\r' or '\n' or ' ' or '\t' or '#' or '\0' || c == delimiter || char.IsWhiteSpace(c))
            ? $"\"{field.Replace("\"", "\"\"")}\""
            : field;

    private static List<string[]> ByCsvHelper(string text, char delimiter)
    {
        var settings = new CsvConfiguration(CultureInfo.InvariantCulture) { Delimiter = delimiter.ToString(), HasHeaderRecord = false, IgnoreBlankLines = true, BadDataFound = null };
        using var parser = new CsvParser(new StringReader(text), settings);
        var rows = new List<string[]>();
        while (parser.Read())
            rows.Add(parser.Record!);
        // A line that holds one empty field is blank to Import-Csv, quoted or not.
        return [.. rows.Skip(1).Where(row => row.Length > 1 || row[0].Length > 0)];
    }

    private static bool Same(IReadOnlyList<string[]> expected, List<string[]> actual) =>
        expected.Count == actual.Count && expected.Zip(actual, (one, other) => one.SequenceEqual(other)).All(same => same);
}
