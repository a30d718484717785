#if NET
using System.Buffers;
#endif

namespace TargetProfiles.Rows;

internal enum CsvToken
{
    /// <summary>A whole record was read.</summary>
    Record,

    /// <summary>Nothing is left.</summary>
    End,

    /// <summary>The record does not end within the bytes at hand.</summary>
    NeedMore,

    /// <summary>A quoted field is followed by something other than a delimiter or a line end.</summary>
    TextAfterQuote,

    /// <summary>A quoted field does not end.</summary>
    OpenQuote,
}

/// <summary>Splits one record into fields, in Import-Csv's dialect. Fields are ranges of the caller's buffer; nothing is allocated for them.</summary>
internal sealed class CsvTokenizer(byte delimiter)
{
    /// <summary>Bytes that a record may take. Above it a quote is taken to be open: no profile holds more than 64 KB anyway.</summary>
    public const int MaxRecordBytes = 1024 * 1024;

#if NET
    private readonly SearchValues<byte> _fieldEnds = SearchValues.Create([delimiter, (byte)'\r', (byte)'\n']);
#endif

    private int[] _starts = new int[64];
    private int[] _lengths = new int[64];
    private byte[] _unescaped = [];
    private int _unescapedLength;
    private PlainRecord? _found;

    public byte Delimiter { get; } = delimiter;

    public int FieldCount { get; private set; }

    /// <summary>Where the next record starts; after a failure, how far the tokenizer looked.</summary>
    public int Next { get; private set; }

    /// <summary>Line ends within and after the record.</summary>
    public int LineEnds { get; private set; }

    /// <summary>Nothing but blanks, which Import-Csv skips.</summary>
    public bool IsBlank => FieldCount == 0 || (FieldCount == 1 && _found is null && _lengths[0] == 0);

    /// <summary>The last read ended inside a quoted field.</summary>
    public bool QuoteIsOpen { get; private set; }

    public void ForgetLines() => LineEnds = 0;

    public ReadOnlySpan<byte> Field(byte[] buffer, int index)
    {
        if (_found is not null)
            return buffer.AsSpan(_found.StartOf(index), _found.LengthOf(index));
        var start = _starts[index];
        return start >= 0
            ? buffer.AsSpan(start, _lengths[index])
            : _unescaped.AsSpan(~start, _lengths[index]);
    }

    /// <summary>Takes over a record that was found already, and is not empty.</summary>
    /// <param name="record">The record.</param>
    /// <param name="next">Where the next one starts.</param>
    public void Take(PlainRecord record, int next)
    {
        if (!ReferenceEquals(_found, record))
            _found = record;
        FieldCount = record.FieldCount;
        LineEnds = 1;
        QuoteIsOpen = false;
        Next = next;
    }

    public CsvToken Read(ReadOnlySpan<byte> text, int start, bool endOfText)
    {
        _found = null;
        FieldCount = 0;
        LineEnds = 0;
        _unescapedLength = 0;
        QuoteIsOpen = false;
        Next = text.Length;
        var position = start;
        if (position == text.Length)
            return endOfText ? CsvToken.End : CsvToken.NeedMore;

        while (true)
        {
            while (position < text.Length && IsBlankByte(text[position]))
                position++;
            if (position == text.Length)
            {
                if (!endOfText)
                    return CsvToken.NeedMore;
                AddField(position, 0);
                Next = position;
                return CsvToken.Record;
            }

            if (text[position] == '"')
            {
                var result = ReadQuoted(text, ref position, endOfText);
                if (result != CsvToken.Record)
                    return result;
            }
            else
            {
                var length = FieldLength(text.Slice(position));
                if (length < 0)
                {
                    if (!endOfText)
                        return CsvToken.NeedMore;
                    length = text.Length - position;
                }

                AddField(position, TrimmedLength(text.Slice(position, length)));
                position += length;
            }

            if (position == text.Length || text[position] != Delimiter)
                return EndRecord(text, position, endOfText);
            position++;
        }
    }

    /// <summary>Notes that the caller passed over one line, or over records up to one of one line.</summary>
    public void LineWasPassed() => LineEnds = 1;

    private CsvToken EndRecord(ReadOnlySpan<byte> text, int position, bool endOfText)
    {
        if (position < text.Length)
        {
            if (text[position] == '\r')
            {
                if (position + 1 == text.Length && !endOfText)
                    return CsvToken.NeedMore;
                if (position + 1 < text.Length && text[position + 1] == '\n')
                    position++;
            }

            position++;
            LineEnds++;
        }
        else if (!endOfText)
        {
            return CsvToken.NeedMore;
        }

        Next = position;
        return CsvToken.Record;
    }

    private CsvToken ReadQuoted(ReadOnlySpan<byte> text, ref int position, bool endOfText)
    {
        var content = position + 1;
        var scan = content;
        var unescapedStart = -1;
        while (true)
        {
            var quote = text.Slice(scan).IndexOf((byte)'"');
            if (quote < 0 || (scan + quote + 1 == text.Length && !endOfText))
            {
                QuoteIsOpen = true;
                return endOfText ? CsvToken.OpenQuote : CsvToken.NeedMore;
            }

            var end = scan + quote;
            var doubled = end + 1 < text.Length && text[end + 1] == '"';
            if (doubled)
            {
                if (unescapedStart < 0)
                    unescapedStart = _unescapedLength;
                Unescape(text.Slice(scan, quote + 1));
                scan = end + 2;
                continue;
            }

            LineEnds += CountLineEnds(text.Slice(content, end - content));
            if (unescapedStart < 0)
            {
                AddField(content, end - content);
            }
            else
            {
                Unescape(text.Slice(scan, quote));
                AddField(~unescapedStart, _unescapedLength - unescapedStart);
            }

            position = end + 1;
            break;
        }

        while (position < text.Length && IsBlankByte(text[position]))
            position++;
        if (position == text.Length)
            return endOfText ? CsvToken.Record : CsvToken.NeedMore;
        if (text[position] == Delimiter || text[position] is (byte)'\r' or (byte)'\n')
            return CsvToken.Record;
        FieldCount--;
        Next = position;
        return CsvToken.TextAfterQuote;
    }

    private bool IsBlankByte(byte value) => (value is (byte)' ' or (byte)'\t') && value != Delimiter;

    private int FieldLength(ReadOnlySpan<byte> text)
    {
#if NET
        return text.IndexOfAny(_fieldEnds);
#else
        return text.IndexOfAny(Delimiter, (byte)'\r', (byte)'\n');
#endif
    }

    // Import-Csv keeps one blank after an unquoted field and drops the others, unless a quote stands before them.
    private static int TrimmedLength(ReadOnlySpan<byte> field)
    {
        if (field.IsEmpty || field[field.Length - 1] is not ((byte)' ' or (byte)'\t'))
            return field.Length;
        var first = field.IndexOfAny((byte)' ', (byte)'\t', (byte)'"');
        if (field[first] == '"')
            return field.Length;
        for (var i = first + 1; i < field.Length; i++)
        {
            if (field[i] is not ((byte)' ' or (byte)'\t'))
                return field.Length;
        }

        return first + 1;
    }

    private static int CountLineEnds(ReadOnlySpan<byte> text)
    {
        var count = 0;
        int next;
        while ((next = text.IndexOfAny((byte)'\r', (byte)'\n')) >= 0)
        {
            count++;
            var length = text.Slice(next).StartsWith("\r\n"u8) ? 2 : 1;
            text = text.Slice(next + length);
        }

        return count;
    }

    private void Unescape(ReadOnlySpan<byte> text)
    {
        var needed = _unescapedLength + text.Length;
        if (needed > _unescaped.Length)
            Array.Resize(ref _unescaped, Math.Max(needed, Math.Max(1024, _unescaped.Length * 2)));
        text.CopyTo(_unescaped.AsSpan(_unescapedLength));
        _unescapedLength = needed;
    }

    private void AddField(int start, int length)
    {
        if (FieldCount == _starts.Length)
        {
            Array.Resize(ref _starts, FieldCount * 2);
            Array.Resize(ref _lengths, FieldCount * 2);
        }

        _starts[FieldCount] = start;
        _lengths[FieldCount++] = length;
    }
}
