using System.Buffers;
using System.Runtime.CompilerServices;
using TargetProfiles.Profiles;

namespace TargetProfiles.Rows;

/// <summary>
/// Reads CSV as UTF-8 bytes, a record at a time. Well-formed files read as Import-Csv reads them; what Import-Csv would
/// silently repair or drop becomes a <see cref="Fault"/> of the record.
/// </summary>
internal sealed partial class CsvReader : IMarkedSource, IDisposable
{
    private const int MaxKeptLine = 16 * 1024 * 1024;

    private readonly Stream _stream;
    private readonly string _source;
    private readonly CsvTokenizer _tokenizer;
    private readonly CsvScan _scan;
    private readonly PlainRecord _record = new();
    private readonly PlainRows? _rows;
    private long _suspectUntil;
    private bool _isPlain;
    private bool _isDisposed;

    /// <param name="stream">The text; disposed at the end.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <param name="options">How to read it.</param>
    /// <param name="isMarked">True if places in it will be marked, which hashes it.</param>
    /// <exception cref="CsvFormatException">The text as a whole cannot be read.</exception>
    public CsvReader(Stream stream, string source, CsvOptions options, bool isMarked = false)
    {
        _source = source;
        _hash = isMarked ? new BackgroundHash() : null;
        if (options.Delimiter is char given && (given >= 0x80 || given is '"' or '\r' or '\n'))
            throw new CsvFormatException($"The delimiter '{given}' cannot be used: give one ASCII character other than a quote or a line end.");
        if (options.SkipFooter is < 0 or > 1000)
            throw new CsvFormatException("-SkipFooter must be 0 to 1000.");
        var text = CsvText.AsUtf8(stream, options.Encoding, source);
        _stream = options.SkipFooter == 0 ? text : new FooterlessStream(text, options.SkipFooter);
        try
        {
            var delimiter = SeparatorLine() ?? ',';
            _tokenizer = new CsvTokenizer((byte)(options.Delimiter ?? delimiter));
            _scan = new CsvScan(_tokenizer.Delimiter);
            if (options.Header is not null)
                HeaderText = string.Join(Delimiter.ToString(), options.Header);
            Header = CsvHeader.Checked(options.Header ?? HeaderLine(), source, _tokenizer.Delimiter);
            _rows = Header.Count == 0 ? null : new PlainRows(Header.Count, _tokenizer.Delimiter);
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    /// <summary>Column names; empty when the file is empty.</summary>
    public IReadOnlyList<string> Header { get; }

    /// <summary>Number of the current record, from 1, the header not counted.</summary>
    public long RowNumber { get; private set; }

    /// <summary>Line on which the current record starts, from 1.</summary>
    public long LineNumber { get; private set; } = 1;

    /// <summary>Where the current record starts in the text, in bytes of UTF-8 after any byte order mark.</summary>
    public long RecordOffset => _bufferOffset + _recordStart;

    /// <summary>Bytes of the text that were looked at; all of it once <see cref="Read"/> has said that it is at the end.</summary>
    public long TextLength => _bufferOffset + _end;

    /// <summary>Why the current record cannot be trusted, or null.</summary>
    public RowRule? Fault { get; private set; }

    /// <summary>Number of the column, from 1, that <see cref="Fault"/> is about.</summary>
    public int FaultColumn { get; private set; }

    /// <summary>The delimiter in use.</summary>
    public char Delimiter => (char)_tokenizer.Delimiter;

    /// <summary>The header as it stands in the file, or as it was given.</summary>
    public string HeaderText { get; private set; } = "";

    /// <summary>The current record as it stands in the file, without its line end; empty if it is longer than could be kept.</summary>
    public ReadOnlySpan<byte> RawRecord
    {
        get
        {
            var end = _position;
            while (end > _recordStart && (_buffer[end - 1] is (byte)'\r' or (byte)'\n'))
                end--;
            return _buffer.AsSpan(_recordStart, end - _recordStart);
        }
    }

    /// <summary>The current record, if separators alone split it; otherwise null.</summary>
    public PlainRecord? Plain => _isPlain ? _record : null;

    /// <summary>Fields that the current record has fewer than the header.</summary>
    public int MissingFields => Fault is null ? Math.Max(0, Header.Count - _tokenizer.FieldCount) : 0;

    /// <summary>Fields of the current record; never more than the header has.</summary>
    public int FieldCount => Math.Min(_tokenizer.FieldCount, Header.Count);

    /// <summary>A field of the current record, unquoted. Valid until the next <see cref="Read"/>.</summary>
    public ReadOnlySpan<byte> Field(int index) => _tokenizer.Field(_buffer, index);

    /// <summary>Moves to the next record that is not blank.</summary>
    /// <returns>False at the end of the file.</returns>
    [MethodImpl(Bits.Optimized)]
    public bool Read()
    {
        if (TryReadPlain())
            return true;
        while (Tokenize())
        {
            if (_tokenizer.IsBlank && Fault is null)
                continue;
            RowNumber++;
            if (Fault is null)
                CheckShape();
            return true;
        }

        return false;
    }

    /// <summary>Says that few fields are looked at, and none is encoded.</summary>
    public void OnlyLooksAtFields()
    {
        if (_rows is not null)
            _rows.NotesFields = false;
    }

    /// <summary>
    /// The records that come next, as far as separators alone split them and each has all fields; null if there is none.
    /// <see cref="Pass"/> moves behind those that were taken.
    /// </summary>
    public PlainRows? NextRows() =>
        _rows is not null && _bufferOffset + _position >= _suspectUntil && _rows.TryFind(_scan, _buffer, _position, _end) ? _rows : null;

    /// <summary>Where the next one of the records starts in the text, as <see cref="RecordOffset"/> tells of a single one.</summary>
    public long OffsetOf(PlainRows rows) => _bufferOffset + rows.Start;

    /// <summary>Moves to the last one of the records that were taken.</summary>
    public void Pass(PlainRows rows)
    {
        if (rows.Taken == 0)
            return;
        LineNumber += _tokenizer.LineEnds + rows.Taken - 1;
        _tokenizer.LineWasPassed();
        Fault = null;
        RowNumber += rows.Taken;
        _recordStart = rows.LastStart;
        _position = rows.Start;
        _isPlain = false;
    }

    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _stream.Dispose();
        _hash?.Dispose();
        _scan.Dispose();
        _rows?.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
        ArrayPool<byte>.Shared.Return(_other, clearArray: true);
        (_buffer, _other) = ([], []);
    }

    /// <summary>Moves to the next record, if separators alone tell what it is. Otherwise nothing changes.</summary>
    [MethodImpl(Bits.Optimized)]
    private bool TryReadPlain()
    {
        var start = _position;
        if (!_record.TryFind(_scan, _buffer, start, _end) || _record.FieldCount > Header.Count || _record.End - start >= CsvTokenizer.MaxRecordBytes || _bufferOffset + start < _suspectUntil)
            return false;
        var next = _record.End + 1;
        if (_buffer[next - 1] == '\r')
        {
            if (next == _end && !_endOfStream)
                return false;
            if (next < _end && _buffer[next] == '\n')
                next++;
        }

        LineNumber += _tokenizer.LineEnds;
        Fault = null;
        RowNumber++;
        _recordStart = start;
        _position = next;
        _isPlain = true;
        _tokenizer.Take(_record, next);
        return true;
    }

    private bool Tokenize()
    {
        _isPlain = false;
        LineNumber += _tokenizer.LineEnds;
        _tokenizer.ForgetLines();
        _recordStart = _position;
        Fault = null;
        while (true)
        {
            var end = Math.Min(_end, _recordStart + CsvTokenizer.MaxRecordBytes);
            var result = _tokenizer.Read(_buffer.AsSpan(0, end), _recordStart, _endOfStream && end == _end);
            switch (result)
            {
                case CsvToken.Record:
                    _position = _tokenizer.Next;
                    return true;
                case CsvToken.End:
                    _position = _end;
                    return false;
                case CsvToken.NeedMore when _end - _recordStart < CsvTokenizer.MaxRecordBytes:
                    Fill();
                    break;
                case CsvToken.TextAfterQuote:
                    GiveUpRecord(RowRule.CsvTextAfterQuote);
                    return true;
                default:
                    GiveUpRecord(_tokenizer.QuoteIsOpen ? RowRule.CsvOpenQuote : RowRule.RowTooLarge);
                    return true;
            }
        }
    }

    /// <summary>
    /// Drops only the first line of a record whose quotes are wrong, so that an open quote does not swallow the file. The
    /// lines it had swallowed are read again, and count as rows only if they have exactly the header's fields.
    /// </summary>
    private void GiveUpRecord(RowRule fault)
    {
        Fault = fault;
        FaultColumn = _tokenizer.FieldCount + 1;
        _suspectUntil = Math.Max(_suspectUntil, _bufferOffset + _tokenizer.Next);
        SkipLine();
    }

    private void SkipLine()
    {
        _tokenizer.LineWasPassed();
        var searched = _recordStart;
        while (true)
        {
            var length = _buffer.AsSpan(searched, _end - searched).IndexOfAny((byte)'\r', (byte)'\n');
            var lineEnd = length < 0 ? _end : searched + length;
            if (lineEnd + 1 < _end || (lineEnd < _end && _endOfStream))
            {
                var isPair = _buffer[lineEnd] == '\r' && lineEnd + 1 < _end && _buffer[lineEnd + 1] == '\n';
                _position = lineEnd + (isPair ? 2 : 1);
                return;
            }

            _position = lineEnd;
            if (_endOfStream)
                return;
            // A line without end must not fill the memory: its beginning is let go.
            if (lineEnd - _recordStart > MaxKeptLine)
                _recordStart = lineEnd;
            searched = lineEnd - _recordStart;
            Fill();
        }
    }

    private void CheckShape()
    {
        var suspect = _bufferOffset + _recordStart < _suspectUntil;
        if (suspect && _tokenizer.FieldCount != Header.Count)
        {
            Fault = RowRule.CsvAfterOpenQuote;
            FaultColumn = 1;
            return;
        }

        for (var i = Header.Count; i < _tokenizer.FieldCount; i++)
        {
            if (_tokenizer.Field(_buffer, i).IsEmpty)
                continue;
            Fault = RowRule.CsvSurplusField;
            FaultColumn = i + 1;
            return;
        }
    }
}
