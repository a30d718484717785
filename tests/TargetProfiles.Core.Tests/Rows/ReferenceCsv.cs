using System.Text;

namespace TargetProfiles.Core.Tests;

/// <summary>The dialect once more, a character at a time and the whole text at hand: slow, and simple enough to be right.</summary>
internal sealed class ReferenceCsv
{
    private readonly string _text;
    private readonly char _delimiter;
    private readonly int _columns;
    private int _suspectUntil;

    private ReferenceCsv(byte[] bytes, char delimiter, int columns)
    {
        _text = Encoding.Latin1.GetString(bytes);
        _delimiter = delimiter;
        _columns = columns;
    }

    /// <summary>Reads text without header. Fields are given byte by byte, as Latin-1.</summary>
    public static List<CsvRecord> Records(byte[] bytes, char delimiter, int columns) => [.. new ReferenceCsv(bytes, delimiter, columns).Read()];

    private IEnumerable<CsvRecord> Read()
    {
        var row = 0L;
        var line = 1L;
        for (var start = 0; start < _text.Length;)
        {
            var fields = new List<string>();
            var (next, fault) = Split(start, fields);
            if (fault is not null)
            {
                _suspectUntil = Math.Max(_suspectUntil, next);
                yield return new CsvRecord(++row, line++, [], fault, fields.Count + 1);
                start = AfterLineEnd(_text.IndexOfAny(['\r', '\n'], start) is var end && end < 0 ? _text.Length : end);
                continue;
            }

            if (fields is not [""])
                yield return Checked(fields, start, ++row, line);
            line += LineEnds(_text[start..next]);
            start = next;
        }
    }

    private CsvRecord Checked(List<string> fields, int start, long row, long line)
    {
        if (start < _suspectUntil && fields.Count != _columns)
            return new CsvRecord(row, line, [], "csv.after-open-quote", 1);
        var surplus = fields.FindIndex(Math.Min(_columns, fields.Count), field => field.Length > 0);
        return surplus < 0
            ? new CsvRecord(row, line, [.. fields.Take(_columns)], null, 0)
            : new CsvRecord(row, line, [], "csv.surplus-field", surplus + 1);
    }

    /// <returns>Where the next record starts, or how far it was looked for what is wrong.</returns>
    private (int Next, string? Fault) Split(int at, List<string> fields)
    {
        while (true)
        {
            at = AfterBlanks(at);
            if (Is(at, '"'))
            {
                var field = new StringBuilder();
                for (at++; !Is(at, '"') || Is(at + 1, '"'); at++)
                {
                    if (at >= _text.Length)
                        return (_text.Length, "csv.open-quote");
                    field.Append(_text[at]);
                    if (_text[at] == '"')
                        at++;
                }

                at = AfterBlanks(at + 1);
                if (!IsFieldEnd(at))
                    return (at, "csv.text-after-quote");
                fields.Add(field.ToString());
            }
            else
            {
                var start = at;
                while (!IsFieldEnd(at))
                    at++;
                fields.Add(Trimmed(_text[start..at]));
            }

            if (!Is(at, _delimiter))
                return (AfterLineEnd(at), null);
            at++;
        }
    }

    private bool Is(int at, char value) => at < _text.Length && _text[at] == value;

    private bool IsFieldEnd(int at) => at >= _text.Length || _text[at] == _delimiter || _text[at] is '\r' or '\n';

    private int AfterBlanks(int at)
    {
        while (at < _text.Length && _text[at] is ' ' or '\t' && _text[at] != _delimiter)
            at++;
        return at;
    }

    private int AfterLineEnd(int at) => at >= _text.Length ? _text.Length : at + (_text[at] == '\r' && Is(at + 1, '\n') ? 2 : 1);

    private static string Trimmed(string field)
    {
        var kept = field.TrimEnd(' ', '\t');
        return kept.Length == field.Length || kept.IndexOfAny([' ', '\t', '"']) >= 0 ? field : field[..(kept.Length + 1)];
    }

    private static int LineEnds(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).Count(c => c is '\r' or '\n');
}
