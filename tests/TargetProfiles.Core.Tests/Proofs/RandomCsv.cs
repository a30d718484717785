using System.Globalization;
using System.Text;

namespace TargetProfiles.Core.Tests;

/// <summary>
/// A file of random rows as RFC 4180 writes them, repeatable by its seed. Ids are sound and stand once; values are anything,
/// damaged text and rows over Target's size among them.
/// </summary>
internal sealed class RandomCsv
{
    private static readonly string[] Awkward =
        ["\"", "\"\"", "\",\"", ",", ";", "\t", "|", "\r", "\n", "\r\n", " ", "\0", "%", "%2C", "+", "&", "=", "#", "batch=", "\u00A0", "\u2028", "\u0085", "\u007F", "\u200B", "\uFEFF", "İ", "ﬁ", "👩‍👩‍👧", "\U0010FFFF", "NULL", "1.5e3"];

    private static readonly string[] Blanks = [" ", "  ", "\t", "\r\n", "\n", "\u00A0", "\u2003", "\u3000", "\u0085", "\u2028 "];

    private readonly Random _random;
    private readonly StringBuilder _text = new();

    public RandomCsv(int seed, int rows)
    {
        _random = new Random(seed);
        Delimiter = Pick([',', ';', '\t', '|']);
        Encoding = Pick<Encoding>([new UTF8Encoding(false), new UTF8Encoding(true), new UnicodeEncoding(false, true), new UnicodeEncoding(true, true), new UTF32Encoding(false, true)]);
        var newLine = Pick(["\n", "\r\n"]);
        var columns = _random.Next(2, 10);
        var idColumn = _random.Next(columns);
        for (var row = 0; row <= rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                if (column > 0)
                    _text.Append(Delimiter);
                Write(row == 0 ? Name(column, idColumn) : column == idColumn ? Id(row) : Value());
            }

            if (row < rows || _random.Next(2) == 0)
                _text.Append(newLine);
        }

        Bytes = [.. Encoding.GetPreamble(), .. Encoding is UTF8Encoding ? Utf8WithLoneSurrogates(_text) : Encoding.GetBytes(_text.ToString())];
    }

    public char Delimiter { get; }

    public Encoding Encoding { get; }

    public byte[] Bytes { get; }

    private string Name(int column, int idColumn) => column == idColumn
        ? Pick(["thirdPartyId", "THIRDPARTYID", "mbox3rdPartyId"])
        : $"c{column.ToString(CultureInfo.InvariantCulture)}{Pick(["", " %", "\"", ",", ";\t", "größe", "漢", "😀", "\r\n", "="])}";

    // Not empty, no blank outside, no control character, no + or /: what the rules on ids would reject.
    private string Id(int row)
    {
        var id = new StringBuilder("k");
        for (var i = _random.Next(4); i > 0; i--)
        {
            var scalar = Scalar();
            id.Append(scalar is "\uFFFD" or "+" or "/" || char.IsControl(scalar, 0) ? "," : scalar);
        }

        return id.Append('-').Append(row.ToString(CultureInfo.InvariantCulture)).ToString();
    }

    private string Value() => _random.Next(1000) switch
    {
        < 200 => Word(),
        < 450 => Repeated(Scalar, 1 + _random.Next(20)),
        < 700 => Repeated(() => Pick(Awkward), 1 + _random.Next(6)),
        < 850 => "",
        < 920 => Repeated(() => Pick(Blanks), 1 + _random.Next(3)),
        < 994 => _random.Next(-1_000_000, 1_000_000).ToString(CultureInfo.InvariantCulture),
        < 996 => Pick(["\uFFFD", "a\uFFFDb", "\uD800", "x\uDC00y", "\uDBFF\uDBFF\uDFFF"]),
        < 999 => Repeated(Scalar, _random.Next(300)),
        _ => _random.Next(20) switch
        {
            0 => new string('x', 65_536 + _random.Next(3) - 1),
            1 => Repeated(Scalar, 12_000),
            _ => Repeated(() => Pick(Awkward), _random.Next(4_000)),
        },
    };

    private string Word() => Repeated(() => ((char)('a' + _random.Next(26))).ToString(), 1 + _random.Next(12));

    // As likely from each part of Unicode, however small.
    private string Scalar()
    {
        var value = _random.Next(8) switch
        {
            0 => _random.Next(0x80),
            1 => _random.Next(0x80, 0x800),
            2 or 3 => _random.Next(0x800, 0xD800),
            4 => _random.Next(0xE000, 0x10000),
            5 => _random.Next(0x1F300, 0x1FAFF),
            _ => _random.Next(0x10000, 0x110000),
        };
        return value == 0xFFFD ? "x" : char.ConvertFromUtf32(value);
    }

    private static string Repeated(Func<string> next, int times)
    {
        var text = new StringBuilder();
        for (var i = 0; i < times; i++)
            text.Append(next());
        return text.ToString();
    }

    private T Pick<T>(T[] choices) => choices[_random.Next(choices.Length)];

    // Quotes where RFC 4180 wants them, where Import-Csv's dialect would read a bare field otherwise, and now and then anywhere.
    private void Write(string field)
    {
        if (!field.Any(c => c is '"' or '\r' or '\n' or ' ' or '\t' or '\0' || c == Delimiter) && _random.Next(10) > 0)
            _text.Append(field);
        else
            _text.Append('"').Append(field.Replace("\"", "\"\"")).Append('"');
    }

    // Lone surrogates as the three bytes that broken writers make of them; .NET would write U+FFFD at once.
    private static byte[] Utf8WithLoneSurrogates(StringBuilder source)
    {
        var text = source.ToString();
        var bytes = new List<byte>(text.Length * 2);
        var utf8 = new byte[4];
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && !char.IsSurrogatePair(text, i))
            {
                bytes.AddRange([0xED, (byte)(0x80 | ((text[i] >> 6) & 0x3F)), (byte)(0x80 | (text[i] & 0x3F))]);
                continue;
            }

            var length = new Rune(char.ConvertToUtf32(text, i)).EncodeToUtf8(utf8);
            bytes.AddRange(utf8.AsSpan(0, length));
            i += length == 4 ? 1 : 0;
        }

        return [.. bytes];
    }
}
