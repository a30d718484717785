using System.Text.Json;

namespace TargetProfiles.Core.Tests;

/// <summary>
/// Odd files against what the real Import-Csv gave for them, kept in tests/data/import-csv: the same rows, or, where Import-Csv
/// silently repairs, loses or mistakes something, a rejection that names the place.
/// </summary>
public sealed class ImportCsvGoldenTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "data", "import-csv");

    // What is wrong (row, line, rule, column), and the rows that are left.
    public static TheoryData<string, string, string> Rejected => new()
    {
        { "apostrophes", "1 2 csv.surplus-field #3", "2,'z'" },
        { "backslash-quote", "1 2 csv.text-after-quote #2", "2,z" },
        { "open-quote-closed-later", "1 2 csv.text-after-quote #2", "2,y 3,z 4,w" },
        { "open-quote-last", "2 3 csv.open-quote #2", "1,x" },
        { "open-quote-middle", "2 3 csv.open-quote #2", "1,x 3,y 4,z" },
        { "surplus-field", "2 3 csv.surplus-field #3", "1,x 3,w" },
        { "text-after-quote", "1 2 csv.text-after-quote #2; 2 3 csv.text-after-quote #2", "3,w" },
    };

    // Told as a whole, before any row.
    public static TheoryData<string, string> Refused => new()
    {
        { "header-blank-name", "column 2 of the header has no name" },
        { "header-open-quote", "line 1, column 2: the header cannot be read. A quote opens" },
        { "header-other-case", "columns 2 and 3 of the header have the same name, 'name'" },
        { "header-same-name", "columns 2 and 3 of the header have the same name, 'a'" },
        { "header-text-after-quote", "line 1, column 2: the header cannot be read. Text follows" },
        { "header-unnamed", "column 2 of the header has no name" },
        { "utf16-unmarked", "without a byte order mark" },
        { "wrong-delimiter", "-Delimiter ';'" },
    };

    public static TheoryData<string> Alike => [.. Files().Except([.. Names(Rejected), .. Names(Refused), "separator-line"])];

    [Theory]
    [MemberData(nameof(Alike))]
    public void File_reads_as_import_csv_reads_it(string file)
    {
        var golden = Golden(file);
        Assert.Null(golden.Error);
        var records = Csv.Records(Bytes(file), Options(file));
        Assert.All(records, record => Assert.Null(record.Fault));
        Assert.Equal(golden.Rows, records.Select(record => record.Fields));
        // Without a row, Import-Csv tells no names.
        if (golden.Rows.Count > 0)
            Assert.Equal(golden.Header, Csv.Header(Bytes(file), Options(file)));
    }

    [Theory]
    [MemberData(nameof(Rejected))]
    public void Row_that_import_csv_repairs_or_loses_is_rejected_and_the_others_arrive(string file, string faults, string rows)
    {
        var records = Csv.Records(Bytes(file), Options(file));
        Assert.Equal(faults, string.Join("; ", records.Where(record => record.Fault is not null).Select(record => $"{record.Row} {record.Line} {record.Fault} #{record.FaultColumn}")));
        Assert.Equal(rows, string.Join(' ', records.Where(record => record.Fault is null).Select(record => string.Join(',', record.Fields))));
        Assert.Null(Golden(file).Error);
        Assert.NotEqual(rows, string.Join(' ', Golden(file).Rows.Select(row => string.Join(',', row))));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void File_whose_columns_import_csv_mistakes_is_refused(string file, string words) =>
        Assert.Contains(words, Csv.HeaderFault(Bytes(file), Options(file)));

    [Fact]
    public void Separator_line_is_followed_where_import_csv_takes_it_for_the_header()
    {
        Assert.Equal(["sep=;"], Golden("separator-line").Header);
        Assert.Equal(["1", "x,y"], Assert.Single(Csv.Records(Bytes("separator-line"))).Fields);
    }

    private static IEnumerable<string> Files() => Directory.GetFiles(Folder, "*.csv").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Names(IEnumerable<object[]> cases) => cases.Select(values => (string)values[0]);

    private static byte[] Bytes(string file) => File.ReadAllBytes(Path.Combine(Folder, $"{file}.csv"));

    private static CsvOptions Options(string file) => new()
    {
        Delimiter = Path.GetExtension(file) switch { ".semicolon" => ';', ".tab" => '\t', ".pipe" => '|', _ => null },
    };

    private static (string[] Header, List<string[]> Rows, string? Error) Golden(string file)
    {
        using var golden = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, $"{file}.json")));
        var rows = golden.RootElement.GetProperty("rows").EnumerateArray().Select(Texts);
        return ([.. Texts(golden.RootElement.GetProperty("header"))], [.. rows], golden.RootElement.GetProperty("error").GetString());
    }

    // A row that is too short has nulls at its end: no fields here.
    private static string[] Texts(JsonElement list) => [.. list.EnumerateArray().Select(text => text.GetString()).TakeWhile(text => text is not null).Select(text => text!)];
}
