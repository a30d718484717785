using System.Text;
using FsCheck.Fluent;
using TargetProfiles.Rows;

namespace TargetProfiles.Core.Tests;

/// <summary>What reports and database tools add below the rows.</summary>
public sealed class SkipFooterTests
{
    [Theory]
    [InlineData("h\na\nb\nTotal\n", 1, "h\na\nb\n")]
    [InlineData("h\na\nb\nTotal", 1, "h\na\nb\n")]
    [InlineData("h\r\na\r\n\r\n(1 row affected)\r\n\r\n  \r\n", 1, "h\r\na\r\n\r\n")]
    [InlineData("h\na\nx\ny\n", 2, "h\na\n")]
    [InlineData("h\n", 1, "")]
    [InlineData("h\n", 5, "")]
    [InlineData("", 3, "")]
    public void Last_lines_that_are_not_blank_are_left_out(string text, int lines, string rest) => Assert.Equal(rest, Read(text, lines, 1000));

    [Fact]
    public void Whatever_the_text_and_the_pieces_the_rest_is_what_stands_above_the_last_lines()
    {
        var texts = Gen.ArrayOf(Gen.Elements("a", "bb,c", "", " ", "\u00E9", new string('x', 70_000))).Select(lines => string.Join("\n", lines));
        Generators.Check(from text in texts from footer in Gen.Choose(1, 4) from piece in Gen.Choose(1, 100_000) select (text, footer, piece), sample =>
            Read(sample.text, sample.footer, sample.piece) == Expected(sample.text, sample.footer));
    }

    [Fact]
    public void Footer_is_neither_a_row_nor_a_fault()
    {
        using var reader = new CsvReader(new MemoryStream(Encoding.UTF8.GetBytes("thirdPartyId,a\nU1,1\nU2,2\n\nTotal;2 rows \"so far\n")), "test.csv", new CsvOptions { SkipFooter = 1 });
        Assert.True(reader.Read());
        Assert.True(reader.Read());
        Assert.Null(reader.Fault);
        Assert.False(reader.Read());
    }

    private static string Expected(string text, int footer)
    {
        var lines = text.Split('\n');
        var first = lines.Length;
        for (var left = footer; first > 0 && left > 0;)
        {
            if (lines[--first].Trim().Length > 0)
                left--;
        }

        // Blank lines below the first footer line go with it; where there is no footer line at all, nothing is left.
        if (lines.All(line => line.Trim().Length == 0))
            return "";
        if (lines.Count(line => line.Trim().Length > 0) < footer)
            first = Array.FindIndex(lines, line => line.Trim().Length > 0);
        return string.Concat(lines.Take(first).Select(line => line + "\n"));
    }

    private static string Read(string text, int lines, int piece)
    {
        using var stream = new FooterlessStream(new MemoryStream(Encoding.UTF8.GetBytes(text)), lines);
        using var copy = new MemoryStream();
        var buffer = new byte[piece];
        int read;
        while ((read = stream.Read(buffer, 0, piece)) > 0)
            copy.Write(buffer, 0, read);
        return Encoding.UTF8.GetString(copy.ToArray());
    }
}
