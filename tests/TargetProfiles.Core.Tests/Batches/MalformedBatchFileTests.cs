using System.Text;
using TargetProfiles.Batches;

namespace TargetProfiles.Core.Tests;

/// <summary>Finished batch files that the service would not take, each with everything that a check tells of it: rule, row and line.</summary>
public sealed class MalformedBatchFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"malformed-{Guid.NewGuid():N}.txt");

    // Bytes as Latin-1, so that any can be written here.
    public static TheoryData<string, string, string> Files => new()
    {
        { "an empty file", "", "batch.missing-marker 0 1" },
        { "a CSV file", "thirdPartyId,a\n1,x\n", "batch.missing-marker 0 1" },
        { "a blank in front", " batch=thirdPartyId,a\n1,x\n", "batch.missing-marker 0 1" },
        { "a blank line in front", "\nbatch=thirdPartyId,a\n1,x\n", "batch.missing-marker 0 1" },
        { "the marker in capitals", "BATCH=thirdPartyId,a\n1,x\n", "batch.missing-marker 0 1" },
        { "the marker without its sign", "batch thirdPartyId,a\n1,x\n", "batch.missing-marker 0 1" },
        { "half a marker", "bat", "batch.missing-marker 0 1" },
        { "a whole form", "x=1&batch=thirdPartyId,a\n1,x\n", "batch.missing-marker 0 1" },
        { "a byte order mark", "\u00EF\u00BB\u00BFbatch=thirdPartyId,a\n1,x\n", "batch.byte-order-mark 0 1" },
        { "UTF-16", "\u00FF\u00FEb\0a\0t\0c\0h\0=\0", "batch.missing-marker 0 1" },
        { "the marker alone", "batch=", "batch.no-rows 0 1" },
        { "a header without line end", "batch=thirdPartyId,a", "batch.no-rows 0 1" },
        { "a header without rows", "batch=thirdPartyId,a\n", "batch.no-rows 0 1" },
        { "lone carriage returns", "batch=thirdPartyId,a\r1,x\r", "batch.no-rows 0 1" },
        { "no first column", "batch=\n1,x\n", "batch.first-column 0 1" },
        { "an id column of the page's own name", "batch=mbox3rdPartyId,a\n1,x\n", "batch.first-column 0 1" },
        { "an id column in another case", "batch=thirdpartyid,a\n1,x\n", "batch.first-column 0 1" },
        { "the id column second", "batch=a,thirdPartyId\nx,1\n", "batch.first-column 0 1" },
        { "a blank before the id column", "batch= pcId,a\n1,x\n", "batch.first-column 0 1" },
        { "a header in semicolons", "batch=pcId;a\n1;x\n", "batch.first-column 0 1" },
        { "a blank in a column name", "batch=thirdPartyId,a b\n1,x\n", "batch.unencoded 0 1" },
        { "an ampersand in a column name", "batch=thirdPartyId,a&b\n1,x\n", "batch.unencoded 0 1" },
        { "a letter beyond ASCII in a column name", "batch=thirdPartyId,gr\u00C3\u00B6\u00C3\u009Fe\n1,x\n", "batch.unencoded 0 1" },
        { "a percent sign at the end of the header", "batch=thirdPartyId,a%\n1,x\n", "batch.unencoded 0 1" },
        { "line ends of Windows", "batch=thirdPartyId,a\r\n1,x\r\n", "batch.line-end 0 1" },
        { "a line end of Windows in a row", "batch=thirdPartyId,a\n1,x\n2,y\r\n3,z\n", "batch.line-end 2 3" },
        { "line ends of Windows below the header", "batch=thirdPartyId,a\n1,x\r\n2,y\r\n", "batch.line-end 1 2; batch.line-end 2 3" },
        { "a blank in a value", "batch=thirdPartyId,a\n1,x y\n", "batch.unencoded 1 2" },
        { "a tab in a value", "batch=thirdPartyId,a\n1,x\ty\n", "batch.unencoded 1 2" },
        { "a plus for a blank", "batch=thirdPartyId,a\n1,x+y\n", "batch.unencoded 1 2" },
        { "an ampersand, which ends the parameter", "batch=thirdPartyId,a\n1,x&y\n2,z\n", "batch.unencoded 1 2" },
        { "a quoted value", "batch=thirdPartyId,a\n1,\"x\"\n", "batch.unencoded 1 2" },
        { "a letter beyond ASCII", "batch=thirdPartyId,a\n1,x\n2,Z\u00C3\u00BCrich\n", "batch.unencoded 2 3" },
        { "a control character", "batch=thirdPartyId,a\n1,\u0001\n", "batch.unencoded 1 2" },
        { "a NUL", "batch=thirdPartyId,a\n1,x\0\n", "batch.unencoded 1 2" },
        { "a percent sign of its own", "batch=thirdPartyId,a\n1,50%\n", "batch.unencoded 1 2" },
        { "a percent sign with one digit", "batch=thirdPartyId,a\n1,%4\n2,y\n", "batch.unencoded 1 2" },
        { "a percent sign with no digits", "batch=thirdPartyId,a\n1,%zz\n", "batch.unencoded 1 2" },
        { "a percent sign at the end of the file", "batch=thirdPartyId,a\n1,x%", "batch.unencoded 1 2" },
        { "faults in several rows, once a row", "batch=thirdPartyId,a\n1,x y z\n2,ok\n3,\"a&b\"\n", "batch.unencoded 1 2; batch.unencoded 3 4" },
    };

    public void Dispose() => File.Delete(_path);

    [Theory]
    [MemberData(nameof(Files))]
    public void File_is_told_with_every_place(string what, string text, string findings)
    {
        File.WriteAllBytes(_path, Encoding.Latin1.GetBytes(text));
        var told = BatchFile.Check(_path, out _, default);
        Assert.Equal((what, findings), (what, string.Join("; ", told.Select(finding => $"{finding.Rule} {finding.Row} {finding.Line}"))));
        Assert.All(told, finding => Assert.Equal(Path.GetFileName(_path), finding.Source));
        Assert.Throws<InvalidDataException>(() => BatchFile.Read(_path, 1, 1, default).Dispose());
    }

    [Theory]
    [InlineData(499_999, null)]
    [InlineData(500_000, "batch.too-many-rows 0 1")]
    public void File_of_too_many_rows_is_told(int rows, string? finding)
    {
        File.WriteAllText(_path, "batch=pcId\n" + string.Concat(Enumerable.Repeat("1\n", rows)));
        Assert.Equal(finding, BatchFile.Check(_path, out _, default).Select(told => $"{told.Rule} {told.Row} {told.Line}").SingleOrDefault());
    }
}
