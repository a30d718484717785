using System.Text;
using TargetProfiles.Rows;

namespace TargetProfiles.Core.Tests;

public sealed class CsvEncodingTests
{
    private const string Text = "id,größe\r\n1,\"漢字, 😀\"\r\n2,€\r\n";

    public static TheoryData<string, bool, string?> Encodings() => new()
    {
        { "utf-8", true, null },
        { "utf-8", false, null },
        { "utf-16", true, null },
        { "utf-16BE", true, null },
        { "utf-32", true, null },
        { "utf-32BE", true, null },
        { "utf-16", false, "unicode" },
        { "utf-16BE", false, "bigendianunicode" },
        { "utf-32", false, "utf32" },
        { "utf-16", true, "windows-1252" },
        { "utf-8", true, "ansi" },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Encoding_is_found_by_its_mark_or_by_name(string encoding, bool mark, string? given)
    {
        var stored = Encoding.GetEncoding(encoding);
        var bytes = (mark ? stored.GetPreamble() : []).Concat(stored.GetBytes(Text)).ToArray();
        var options = new CsvOptions { Encoding = given is null ? null : TextEncodings.Parse(given) };
        Assert.Equal(["id", "größe"], Csv.Header(bytes, options));
        foreach (var atATime in new[] { 1, 3, int.MaxValue })
            Assert.Equal([["1", "漢字, 😀"], ["2", "€"]], Csv.Records(bytes, options, atATime).Select(record => record.Fields));
    }

    [Theory]
    [InlineData("windows-1252")]
    [InlineData("1252")]
    [InlineData("iso-8859-1")]
    public void Code_pages_are_read_by_name_or_number(string name)
    {
        var options = new CsvOptions { Encoding = TextEncodings.Parse(name) };
        byte[] bytes = [.. "id,a\n1,gr"u8, 0xF6, 0xDF, .. "e\n"u8];
        Assert.Equal("größe", Csv.Records(bytes, options)[0].Fields[1]);
    }

    [Fact]
    public void Long_text_in_another_encoding_survives_the_block_boundaries()
    {
        var rows = Enumerable.Range(0, 20_000).Select(i => new[] { $"{i}", string.Concat(Enumerable.Repeat("ä😀", i % 7)) }).ToArray();
        var text = "id,a\n" + string.Join("\n", rows.Select(row => string.Join(",", row)));
        var bytes = Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(text)).ToArray();
        Assert.Equal(rows, Csv.Records(bytes, null, 65_535).Select(record => record.Fields));
    }

    [Fact]
    public void Bytes_that_are_not_in_the_encoding_become_the_replacement_character()
    {
        byte[] bytes = [.. "id,a\n1,"u8, 0xE9, .. "\n"u8];
        Assert.Equal("\uFFFD", Csv.Records(bytes, new CsvOptions { Encoding = TextEncodings.Parse("ascii") })[0].Fields[1]);
        byte[] half = [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("id,a\n1,"), 0x00, 0xD8, .. Encoding.Unicode.GetBytes("x")];
        Assert.Equal("\uFFFDx", Csv.Records(half)[0].Fields[1]);
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    public void Sixteen_bit_text_without_mark_says_which_encoding_to_give(string encoding) =>
        Assert.Contains("-Encoding unicode", Csv.HeaderFault(Encoding.GetEncoding(encoding).GetBytes("id,a\n1,x\n")));

    [Fact]
    public void Header_with_nul_characters_says_which_encoding_to_give() =>
        Assert.Contains("-Encoding unicode", Csv.HeaderFault("id,first,sec\0ond\n"));

    [Fact]
    public void Unknown_encoding_is_told_with_the_known_names()
    {
        Assert.Contains("windows-1252", Assert.Throws<ArgumentException>(() => TextEncodings.Parse("klingon")).Message);
        Assert.Throws<ArgumentException>(() => TextEncodings.Parse("99999"));
        foreach (var name in TextEncodings.Names)
            Assert.NotNull(TextEncodings.Parse(name));
    }
}
