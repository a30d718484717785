using System.Text;
using TargetProfiles.Sending;

namespace TargetProfiles.Core.Tests;

/// <summary>Malformed files, each with what a check tells of it: rule, row, line and column, or the words that refuse the file.</summary>
public sealed class MalformedCsvTests
{
    // Bytes as Latin-1, so that any can be written here: \u00E9 is the byte E9.
    public static TheoryData<string, string, string> Rows => new()
    {
        { "a field too many", "thirdPartyId,a\n1,x\n2,y,z\n", "csv.surplus-field 2 3 #3" },
        { "two fields too many", "thirdPartyId,a\n1,x,,z\n", "csv.surplus-field 1 2 #4" },
        { "blanks as a field too many", "thirdPartyId,a\n1,x,\" \"\n", "csv.surplus-field 1 2 #3" },
        { "a field too many below a field of two lines", "thirdPartyId,a\n1,\"x\ny\"\n2,z,w\n", "csv.surplus-field 2 4 #3" },
        { "a field too many below blank lines", "thirdPartyId,a\n\n\n1,x\n\n2,y,z\n", "csv.surplus-field 2 6 #3" },
        { "an unquoted delimiter in a name", "thirdPartyId,name\n1,Miller, Ann\n", "csv.surplus-field 1 2 #3" },
        { "text after a closing quote", "thirdPartyId,a\n1,\"x\"y\n", "csv.text-after-quote 1 2 a" },
        { "text after a closing quote and a blank", "thirdPartyId,a\n1,\"x\" y\n", "csv.text-after-quote 1 2 a" },
        { "text after a closing quote in the id", "thirdPartyId,a\n\"1\"1,x\n", "csv.text-after-quote 1 2 thirdPartyId" },
        { "a quote that is not doubled", "thirdPartyId,a\n1,\"5\" pipe\"\n", "csv.text-after-quote 1 2 a" },
        { "quotes escaped by backslashes", "thirdPartyId,a\n1,\"x \\\"y\\\" z\"\n", "csv.text-after-quote 1 2 a" },
        { "text after a closing quote in the last line", "thirdPartyId,a\n1,x\n2,\"y\"z", "csv.text-after-quote 2 3 a" },
        { "text after a quote, then a sound row", "thirdPartyId,a\r\n1,\"x\"y\r\n2,z\r\n", "csv.text-after-quote 1 2 a" },
        { "a NUL after a closing quote", "thirdPartyId,a\n1,\"x\"\0\n", "csv.text-after-quote 1 2 a" },
        { "an open quote in the last row", "thirdPartyId,a\n1,x\n2,\"y", "csv.open-quote 2 3 a" },
        { "an open quote in the last row, with a line end", "thirdPartyId,a\n1,\"y\n", "csv.open-quote 1 2 a" },
        { "an open quote in the id", "thirdPartyId,a\n\"1,x\n2,y\n", "csv.open-quote 1 2 thirdPartyId" },
        { "an open quote, sound rows below", "thirdPartyId,a\n1,\"x\n2,y\n3,z\n", "csv.open-quote 1 2 a" },
        { "an open quote, free text below", "thirdPartyId,a,b\n1,\"x,y\nfree text\n3,z,w\n", "csv.open-quote 1 2 a; csv.after-open-quote 2 3 thirdPartyId" },
        { "an open quote closed by the next one", "thirdPartyId,a\n1,\"x\n2,\"y\"\n", "csv.text-after-quote 1 2 a" },
        { "two open quotes", "thirdPartyId,a\n1,\"x\n2,y\n3,\"z\n", "csv.text-after-quote 1 2 a; csv.open-quote 3 4 a" },
        { "a quote that closes after a doubled one", "thirdPartyId,a\n1,\"\"\"\n", "csv.open-quote 1 2 a" },
        { "a single quote character as a row", "thirdPartyId,a\n\"\n1,x\n", "csv.open-quote 1 2 thirdPartyId" },
        { "a letter of another encoding", "thirdPartyId,a\n1,caf\u00E9\n2,x\n", "text.damaged 1 2 a" },
        { "a letter of another encoding in the id", "thirdPartyId,a\nJos\u00E9,x\n", "text.damaged 1 2 thirdPartyId" },
        { "a character that is cut off", "thirdPartyId,a\n1,\u00F0\u009F\u0098\n", "text.damaged 1 2 a" },
        { "an overlong form of a slash", "thirdPartyId,a\n1,\u00C0\u00AF\n", "text.damaged 1 2 a" },
        { "a lone surrogate", "thirdPartyId,a\n1,\u00ED\u00A0\u0080\n", "text.damaged 1 2 a" },
        { "a code point beyond Unicode", "thirdPartyId,a\n1,\u00F4\u0090\u0080\u0080\n", "text.damaged 1 2 a" },
        { "a continuation byte alone", "thirdPartyId,a\n1,\u0080\n", "text.damaged 1 2 a" },
        { "a replacement character", "thirdPartyId,a\n1,x\u00EF\u00BF\u00BDy\n", "text.damaged 1 2 a" },
        { "half a surrogate pair in UTF-16", "\u00FF\u00FE" + Wide("thirdPartyId,a\n1,x") + "\0\u00D8" + Wide("\n2,y\n"), "text.damaged 1 2 a" },
        { "an odd byte at the end of UTF-16", "\u00FF\u00FE" + Wide("thirdPartyId,a\n1,x") + "y", "text.damaged 1 2 a" },
        { "no id", "thirdPartyId,a\n,x\n", "id.missing 1 2 thirdPartyId" },
        { "blanks for an id", "thirdPartyId,a\n\"  \",x\n", "id.missing 1 2 thirdPartyId" },
        { "a row too short to have its id", "a,thirdPartyId\nx\n", "id.missing 1 2 " },
        { "a control character of another system at the end", "thirdPartyId,a\n1,x\n\u001A,y\n", "id.control-character 2 3 thirdPartyId" },
        { "a NUL in the id", "thirdPartyId,a\n1\02,x\n", "id.control-character 1 2 thirdPartyId" },
        { "a line end in the id", "thirdPartyId,a\n\"1\n2\",x\n3,y,z\n", "id.control-character 1 2 thirdPartyId; csv.surplus-field 2 4 #3" },
        { "a byte order mark in the middle, as joined files have it", "thirdPartyId,a\n1,x\n\u00EF\u00BB\u00BFthirdPartyId,a\n\u00C2\u00A02,y\n", "id.surrounded-by-blanks 3 4 thirdPartyId" },
        { "a word of a database for nothing", "thirdPartyId,a\nNULL,x\n", "id.placeholder 1 2 thirdPartyId" },
        { "a number that a spreadsheet shortened", "thirdPartyId;a\n1,23457E+11;x\n", "id.spreadsheet-number 1 2 thirdPartyId" },
        { "the count of a database tool", "thirdPartyId,a\n1,x\n\n(1 rows affected),\n", "id.total-line 2 4 thirdPartyId" },
        { "a value over what Target keeps", $"thirdPartyId,a\n1,{new string('x', 65_536)}\n2,y\n", "row.too-large 1 2 a" },
    };

    public static TheoryData<string, string, string> Files => new()
    {
        { "no id column", "name,a\n1,x\n", "No id column: one called thirdPartyId" },
        { "two id columns", "thirdPartyId,pcId\n1,2\n", "Both 'thirdPartyId' and 'pcId' are id columns" },
        { "a column twice", "thirdPartyId,a,a\n1,x,y\n", "columns 2 and 3 of the header have the same name, 'a'" },
        { "a column twice, in another case", "thirdPartyId,a,A\n1,x,y\n", "columns 2 and 3 of the header have the same name, 'A'" },
        { "two columns for one attribute", "thirdPartyId,a,profile.a\n1,x,y\n", "columns 'a' and 'profile.a' lead to the same attribute" },
        { "a column without name", "thirdPartyId,,a\n1,x,y\n", "column 2 of the header has no name" },
        { "a column named by blanks", "thirdPartyId,\"\t\",a\n1,x,y\n", "column 2 of the header has no name" },
        { "a header of empty fields", ",,\n1,x,y\n", "column 1 of the header has no name" },
        { "a name too long", $"thirdPartyId,{new string('n', 129)}\n1,x\n", "column 2" },
        { "a name of Target's own", "thirdPartyId,user.name\n1,x\n", "[name.reserved]" },
        { "a name of another encoding", "thirdPartyId,gr\u00F6\u00DFe\n1,x\n", "[name.damaged]" },
        { "an open quote in the header", "thirdPartyId,\"a\n1,x\n", "line 1, column 2: the header cannot be read. A quote opens" },
        { "an open quote in the header below comments", "# a\n# b\nthirdPartyId,\"a\n1,x\n", "line 3, column 2: the header cannot be read. A quote opens" },
        { "text after a quote in the header", "\"thirdPartyId\"x,a\n1,x\n", "line 1, column 1: the header cannot be read. Text follows" },
        { "another delimiter", "thirdPartyId;a\n1;x\n", "-Delimiter ';'" },
        { "tabs for the delimiter", "thirdPartyId\ta\n1\tx\n", "-Delimiter \"`t\"" },
        { "UTF-16 without mark", Wide("thirdPartyId,a\n1,x\n"), "-Encoding unicode" },
        { "UTF-16 without mark, the other order", "\0" + Wide("thirdPartyId,a\n1,x\n"), "-Encoding unicode" },
        { "NUL characters in the header", "thirdPartyId,fi\0rst\n1,x\n", "-Encoding unicode" },
        { "a spreadsheet's own file", "PK\u0003\u0004\u0014\0\u0006\0", "Import-Excel" },
        { "an old spreadsheet's own file", "\u00D0\u00CF\u0011\u00E0\u00A1\u00B1\u001A\u00E1\0\0", "'CSV UTF-8' in Excel" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Row_is_told_with_its_place_and_no_other(string what, string text, string findings)
    {
        var delimiter = text.StartsWith("thirdPartyId;", StringComparison.Ordinal) ? ';' : ',';
        using var run = new Check(new CsvOptions { Delimiter = delimiter });
        run.Read(text);
        var told = run.Findings.Where(finding => finding.Severity == RuleSeverity.Error).Select(finding => $"{finding.Rule} {finding.Row} {finding.Line} {finding.Column}");
        Assert.Equal((what, findings), (what, string.Join("; ", told)));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void File_is_refused_with_its_name_and_the_remedy(string what, string text, string words)
    {
        using var run = new Check(new CsvOptions());
        var message = Assert.Throws<CsvFormatException>(() => run.Read(text)).Message;
        Assert.Contains("test.csv", message);
        Assert.True(message.Contains(words), $"{what}: {message}");
        Assert.Empty(run.Findings);
    }

    private static string Wide(string text) => Encoding.Latin1.GetString(Encoding.Unicode.GetBytes(text));

    private sealed class Check(CsvOptions csv) : IDisposable
    {
        private SendRun? _run;

        public List<TargetRowFinding> Findings { get; } = [];

        public void Read(string latin1)
        {
            _run = new SendRun(new SendOptions { Csv = csv, PlanOnly = true, TellsEveryFinding = true }, null, Tell, _ => { });
            _run.AddCsv(new MemoryStream(Encoding.Latin1.GetBytes(latin1)), "test.csv");
            _run.Complete(sourceEnded: true);
        }

        public void Dispose() => _run?.Dispose();

        private void Tell(RunMessage message)
        {
            if (message is RunMessage.RowFound found)
                Findings.Add(found.Finding);
        }
    }
}
