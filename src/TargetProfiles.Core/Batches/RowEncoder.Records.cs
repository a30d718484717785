using System.Buffers.Binary;
using System.Runtime.CompilerServices;
#if NET
using System.Runtime.Intrinsics;
#endif
using TargetProfiles.Profiles;
using TargetProfiles.Rows;

namespace TargetProfiles.Batches;

/// <content>
/// Whole records of a file, in one pass over what was found when the text was scanned. Rows that a rule has anything to say
/// about, and whatever else is not as usual, go field by field.
/// </content>
internal sealed unsafe partial class RowEncoder
{
    /// <summary>Bytes that may be written behind what is meant.</summary>
    private const int Slack = 64;

    /// <summary>Digits and separators that make a phone or a card number, a plus in front aside.</summary>
    private const byte ShortestLookedAt = 11;

    /// <summary>Longer records go field by field, where there are limits to keep.</summary>
    private const int MaxPlainRecord = 16 * 1024;

    private uint[] _escapes = [];
    private bool _isCommaSeparated;
    private bool _hasNewText;
    private bool _isIdReserved;
    private readonly byte[] _lengthsToLookAt = LengthsToLookAt();
    private Column[]? _laidOut;
    private FieldStep[] _steps = [];
    private int[] _numbers = [];
    private Column? _layoutId;
    private bool _isInOrder;
    private bool _isStraight;

    private enum FieldKind : byte
    {
        Ignored,
        Id,
        Value,
    }

    /// <summary>Takes a whole record of a file: nothing was added to the row before, and nothing is afterwards.</summary>
    [MethodImpl(Bits.Optimized)]
    public void AddRecord(CsvReader reader, Column[] columns)
    {
        if (!ReferenceEquals(_laidOut, columns))
            LayOut(reader, columns);
        if (_isInOrder && reader.Plain is PlainRecord record && TryAddPlain(record))
            return;
        for (var i = 0; i < reader.FieldCount; i++)
            Add(columns[i], reader.Field(i));
    }

    private void LayOut(CsvReader reader, Column[] columns)
    {
        _laidOut = columns;
        _escapes = PercentEncoder.Escapes((byte)reader.Delimiter);
        _isCommaSeparated = reader.Delimiter == ',';
        _layoutId = null;
        _isInOrder = true;
        _steps = new FieldStep[columns.Length];
        var last = -1;
        for (var i = 0; i < columns.Length; i++)
        {
            var column = columns[i];
            switch (column.Role)
            {
                case ColumnRole.Attribute when column.Ordinal > last && !column.IsHashed:
                    _steps[i] = new FieldStep { Kind = FieldKind.Value, Ordinal = column.Ordinal, Commas = column.Ordinal - last };
                    last = column.Ordinal;
                    break;
                case ColumnRole.Id when _layoutId is null && !column.IsHashed:
                    _steps[i].Kind = FieldKind.Id;
                    _layoutId = column;
                    break;
                case ColumnRole.Ignored:
                    break;
                default:
                    _isInOrder = false;
                    break;
            }
        }

        _isInOrder &= _layoutId is not null;
        FindNumbers();
        // What leaves is what stands in the file, apart from bytes that must be encoded.
        _isStraight = _isInOrder && last == columns.Length - 2 && _steps[0].Kind == FieldKind.Id && !_fieldText.HasNullTexts;
    }

    [MethodImpl(Bits.Optimized)]
    private bool TryAddPlain(PlainRecord record)
    {
        var length = record.End - record.Start;
        if (length > MaxPlainRecord || _runIdType != _layoutId!.IdType)
            return false;
        var attributes = columns.AttributeNames.Count;
        _hasNewText = false;
        if (!(_isStraight ? TryAddStraight(record, attributes) : TryAddInOrder(record, attributes)))
            return false;
        if (_hasNewText)
            SeeTexts(record);
        return true;
    }

    [MethodImpl(Bits.Optimized)]
    private bool TryAddStraight(PlainRecord record, int attributes)
    {
        if (!TryCheck(record, out var values))
            return false;
        var idLength = record.LengthOf(0);
        var length = record.End - record.Start;
        var missing = attributes - (record.FieldCount - 1);
        if (_isCommaSeparated && !record.HasReserved && missing == 0)
        {
            SetRow(record.Buffer, record.Start, idLength, length, values);
            _plainId.Set(record.Buffer, record.Start, idLength);
            return true;
        }

        Reserve(ref _values, (length * PercentEncoder.MaxExpansion) + missing + Slack);
        var written = 0;
        var seen = EncodeRecord(record, ref written);
        if (seen != 0 && !IsSound(record, seen))
            return false;
        for (; missing > 0; missing--)
            _values[written++] = (byte)',';
        var encodedIdLength = _isIdReserved ? _values.AsSpan(0, written).IndexOf((byte)',') : idLength;
        SetRow(_values, 0, encodedIdLength < 0 ? written : encodedIdLength, written, values);
        _plainId.Set(record.Buffer, record.Start, idLength);
        return true;
    }

    private void SetRow(byte[] row, int start, int idLength, int length, int values)
    {
        _id.Set(row, start, idLength);
        _completed.Set(row, start + idLength, length - idLength);
        _valueCount = values;
        _idColumn = _layoutId;
        _isCompleted = true;
    }

    /// <summary>Checks the fields of a record, as far as their lengths and first bytes tell.</summary>
    /// <param name="record">The record.</param>
    /// <param name="values">Fields that are not empty, the id aside.</param>
    [MethodImpl(Bits.Optimized)]
    private bool TryCheck(PlainRecord record, out int values)
    {
        values = 0;
        fixed (byte* text = record.Buffer)
        fixed (int* ends = record.Ends)
        fixed (CsvBlock* blocks = record.Blocks)
        {
            var idLength = record.LengthOf(0);
            _isIdReserved = record.HasReserved && (idLength > CsvBlock.Size || (idLength > 0 && Reserved(blocks, record.Start, idLength) != 0));
            if (!IsSoundId(text + record.Start, idLength, _isIdReserved))
                return false;

            var field = 1;
#if NET
            for (; field + Vector256<int>.Count <= record.FieldCount; field += Vector256<int>.Count)
            {
                var lengths = Vector256.Load(ends + field + 1) - Vector256.Load(ends + field);
                values += Vector256<int>.Count - Bits.Count(Vector256.Equals(lengths, Vector256<int>.One).ExtractMostSignificantBits());
                for (var longs = Vector256.GreaterThan(lengths, Vector256.Create((int)ShortestLookedAt)).ExtractMostSignificantBits(); longs != 0; longs &= longs - 1)
                {
                    var at = field + Bits.Lowest(longs);
                    if (!IsQuietLong(text + ends[at] + 1, ends[at + 1] - ends[at] - 1))
                        return false;
                }
            }
#endif
            for (; field < record.FieldCount; field++)
            {
                var length = ends[field + 1] - ends[field] - 1;
                if (length > 0)
                    values++;
                if (length >= ShortestLookedAt && !IsQuietLong(text + ends[field] + 1, length))
                    return false;
            }

            foreach (var number in _numbers)
            {
                if (number < record.FieldCount && ends[number + 1] - ends[number] > 1 && !IsNumber(text + ends[number] + 1, ends[number + 1] - ends[number] - 1))
                    _hasNewText = true;
            }
        }

        return !record.HasReservedStart || HasNoBlank(record);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsQuietLong(byte* text, int length) => length < _lengthsToLookAt[*text] || IsSound(text, length);

    /// <summary>True if no value that begins with an unusual byte is blank.</summary>
    private bool HasNoBlank(PlainRecord record)
    {
        for (var i = 1; i < record.FieldCount; i++)
        {
            var length = record.LengthOf(i);
            if (length > 0 && _lengthsToLookAt[record.Buffer[record.StartOf(i)]] == 1 && Utf8Text.IsBlank(record.Buffer.AsSpan(record.StartOf(i), length)))
                return false;
        }

        return true;
    }

    /// <summary>Encodes a whole record.</summary>
    /// <returns>What is special about its bytes: <see cref="PercentEncoder.Notable"/>, <see cref="PercentEncoder.NotAscii"/>.</returns>
    [MethodImpl(Bits.Optimized)]
    private uint EncodeRecord(PlainRecord record, ref int written)
    {
        uint seen = 0;
        var delimiters = _isCommaSeparated ? 0 : ulong.MaxValue;
        fixed (byte* text = record.Buffer)
        fixed (CsvBlock* blocks = record.Blocks)
        fixed (uint* escapes = _escapes)
        fixed (byte* values = _values)
        {
            var block = blocks + (record.Start / CsvBlock.Size);
            var blockText = text + (record.Start & -CsvBlock.Size);
            var from = text + record.Start;
            var end = text + record.End;
            var to = values;
            var special = (block->Reserved | (block->Separators & delimiters)) & (ulong.MaxValue << record.Start);
            while (true)
            {
                for (; special != 0; special &= special - 1)
                {
                    var next = blockText + Bits.Lowest(special);
                    if (next >= end)
                        break;
                    Copy(from, to, (int)(next - from));
                    to += next - from;
                    var escape = escapes[*next];
                    seen |= escape;
                    BinaryPrimitives.WriteUInt32LittleEndian(new Span<byte>(to, sizeof(uint)), escape);
                    to += escape >> PercentEncoder.LengthShift;
                    from = next + 1;
                }

                block++;
                blockText += CsvBlock.Size;
                if (blockText >= end)
                    break;
                special = block->Reserved | (block->Separators & delimiters);
            }

            Copy(from, to, (int)(end - from));
            written = (int)(to + (end - from) - values);
        }

        return seen & (PercentEncoder.NotAscii | PercentEncoder.Notable);
    }

    /// <summary>Looks again at a record with bytes that need it.</summary>
    private bool IsSound(PlainRecord record, uint seen)
    {
        if ((seen & PercentEncoder.NotAscii) != 0 && Utf8Text.IsDamaged(record.Buffer.AsSpan(record.Start, record.End - record.Start)))
            return false;
        if ((seen & PercentEncoder.Notable) == 0)
            return true;
        fixed (byte* text = record.Buffer)
        {
            for (var i = 1; i < record.FieldCount; i++)
            {
                if (record.LengthOf(i) > 0 && !IsSound(text + record.StartOf(i), record.LengthOf(i)))
                    return false;
            }
        }

        return true;
    }

    [MethodImpl(Bits.Optimized)]
    private bool TryAddInOrder(PlainRecord record, int attributes)
    {
        Reserve(ref _values, ((record.End - record.Start) * PercentEncoder.MaxExpansion) + attributes + Slack);
        var hasNullTexts = _fieldText.HasNullTexts;
        fixed (byte* text = record.Buffer)
        fixed (int* ends = record.Ends)
        fixed (byte* lengthsToLookAt = _lengthsToLookAt)
        fixed (CsvBlock* blocks = record.Blocks)
        fixed (FieldStep* steps = _steps)
        fixed (uint* escapes = _escapes)
        fixed (byte* written = _values)
        {
            var to = written;
            var valuesFrom = written;
            var values = 0;
            var lastOrdinal = -1;
            BytesAt plainId = default;
            BytesAt id = default;
            for (var field = 0; field < record.FieldCount; field++)
            {
                var step = steps + field;
                var start = text + ends[field] + 1;
                var length = ends[field + 1] - ends[field] - 1;
                if (step->Kind == FieldKind.Value)
                {
                    *to++ = (byte)',';
                    for (var i = 1; i < step->Commas; i++)
                        *to++ = (byte)',';
                    lastOrdinal = step->Ordinal;
                    if (length > 0 && !(hasNullTexts && _fieldText.IsNullText(new ReadOnlySpan<byte>(start, length))))
                    {
                        values++;
                        var notable = Encode(text, start, length, blocks, escapes, ref to);
                        if ((notable != 0 || length >= lengthsToLookAt[*start]) && !IsSound(start, length, (notable & PercentEncoder.NotAscii) != 0))
                            return false;
                        _hasNewText |= step->MayBeNumbers && !IsNumber(start, length);
                    }
                }
                else if (step->Kind == FieldKind.Id)
                {
                    if (hasNullTexts && _fieldText.IsNullText(new ReadOnlySpan<byte>(start, length)))
                        return false;
                    if (length == 0)
                        return false;
                    if (to == written)
                    {
                        Encode(text, start, length, blocks, escapes, ref to);
                        id.Set(_values, 0, (int)(to - written));
                        valuesFrom = to;
                    }
                    else
                    {
                        Reserve(ref _idCopy, length * PercentEncoder.MaxExpansion);
                        id.Set(_idCopy, 0, PercentEncoder.Encode(new ReadOnlySpan<byte>(start, length), _idCopy));
                    }

                    if (!IsSoundId(start, length, mayBeReserved: id.Length > length))
                        return false;
                    plainId.Set(record.Buffer, (int)(start - text), length);
                }
            }

            // A record that ends before its id.
            if (plainId.Length == 0)
                return false;
            (_id, _plainId) = (id, plainId);
            for (var i = attributes - 1 - lastOrdinal; i > 0; i--)
                *to++ = (byte)',';
            _completed.Set(_values, (int)(valuesFrom - written), (int)(to - valuesFrom));
            _valueCount = values;
        }

        _idColumn = _layoutId;
        _isCompleted = true;
        return true;
    }

    /// <summary>Encodes a field.</summary>
    /// <returns>What is special about its bytes: <see cref="PercentEncoder.Notable"/>, <see cref="PercentEncoder.NotAscii"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Encode(byte* text, byte* start, int length, CsvBlock* blocks, uint* escapes, ref byte* written)
    {
        var to = written;
        uint seen = 0;
        do
        {
            var piece = Math.Min(length, CsvBlock.Size);
            var reserved = Reserved(blocks, (int)(start - text), piece);
            var done = 0;
            for (; reserved != 0; reserved &= reserved - 1)
            {
                var next = Bits.Lowest(reserved);
                Copy(start + done, to, next - done);
                to += next - done;
                var escape = escapes[start[next]];
                seen |= escape;
                BinaryPrimitives.WriteUInt32LittleEndian(new Span<byte>(to, sizeof(uint)), escape);
                to += PercentEncoder.MaxExpansion;
                done = next + 1;
            }

            Copy(start + done, to, piece - done);
            to += piece - done;
            start += piece;
            length -= piece;
        }
        while (length > 0);

        written = to;
        return seen & (PercentEncoder.NotAscii | PercentEncoder.Notable);
    }

    /// <summary>Which bytes of a short text are reserved.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Reserved(CsvBlock* blocks, int place, int length)
    {
        var block = blocks + (place / CsvBlock.Size);
        // Two shifts, since one by 64 would be none.
        var reserved = (block[0].Reserved >> place) | ((block[1].Reserved << 1) << (~place & 63));
        return reserved & (ulong.MaxValue >> (CsvBlock.Size - length));
    }

    /// <summary>Copies in steps that are larger than most fields.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(byte* from, byte* to, int length)
    {
        for (var i = 0; i < length; i += 16)
        {
#if NET
            Vector128.Store(Vector128.Load(from + i), to + i);
#else
            var (one, other) = (*(ulong*)(from + i), *(ulong*)(from + i + 8));
            *(ulong*)(to + i) = one;
            *(ulong*)(to + i + 8) = other;
#endif
        }
    }

    /// <summary>True if a value that is not blank can be sent without a warning.</summary>
    private bool IsSound(byte* text, int length, bool mayBeDamaged = false)
    {
        var value = new ReadOnlySpan<byte>(text, length);
        return !Utf8Text.IsBlank(value) && !(mayBeDamaged && Utf8Text.IsDamaged(value)) && _valueRules.IsQuiet(value);
    }

    private bool IsSoundId(byte* text, int length, bool mayBeReserved)
    {
        const int LongestSure = 40;
        if (length == 0)
            return false;
        const int Word = sizeof(ulong);
        // Most ids begin with a letter that no suspicious word begins with, or are short numbers.
        if (!mayBeReserved && length <= LongestSure)
        {
            var first = (byte)(*text | 0x20);
            if (first is >= (byte)'a' and <= (byte)'z' && (length > SuspiciousId.LongestShortWord || !SuspiciousId.MayBeginWord(first)))
                return true;
            if (length < ShortestLookedAt && IsDigits(text, Math.Min(length, Word)) && (length <= Word || IsDigits(text + length - Word, Word)))
                return true;
        }

        return ProfileIdRules.Check(new ReadOnlySpan<byte>(text, length), _layoutId!.IdType, columns.Rules) is null;
    }

    /// <summary>Notes which columns hold text, once it is certain that the row is sent as it is.</summary>
    private void SeeTexts(PlainRecord record)
    {
        _hasNewText = false;
        foreach (var i in _numbers)
        {
            if (i < record.FieldCount && record.LengthOf(i) > 0)
                _valueRules.See(_steps[i].Ordinal, record.Buffer.AsSpan(record.StartOf(i), record.LengthOf(i)));
        }

        FindNumbers();
    }

    private void FindNumbers()
    {
        var numbers = new List<int>();
        for (var i = 0; i < _steps.Length; i++)
        {
            ref var step = ref _steps[i];
            step.MayBeNumbers = step.Kind == FieldKind.Value && _valueRules.MayBeNumbers(step.Ordinal);
            if (step.MayBeNumbers)
                numbers.Add(i);
        }

        _numbers = [.. numbers];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsDigits(byte* text, int length) => NotDigits(text, length) == 0;

    /// <summary>True for numbers with digits and at most a sign and a decimal point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsNumber(byte* text, int length)
    {
        if (length > sizeof(ulong) || *text == '-')
            return IsLongNumber(text, length);
        var others = NotDigits(text, length);
        if (others == 0)
            return true;
        var place = Bits.Lowest(others) >> 3;
        return (others & (others - 1)) == 0 && text[place] == '.' && place < length - 1;
    }

    private static bool IsLongNumber(byte* text, int length)
    {
        var hasPoint = false;
        for (var i = *text == '-' ? 1 : 0; i < length; i++)
        {
            if (text[i] is >= (byte)'0' and <= (byte)'9')
                continue;
            if (hasPoint || text[i] != '.' || i == length - 1)
                return false;
            hasPoint = true;
        }

        return true;
    }

    /// <summary>The highest bit of each byte, of eight at most, that is no digit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong NotDigits(byte* text, int length)
    {
        const ulong High = 0x8080808080808080;
        var word = BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(text, sizeof(ulong))) ^ 0x3030303030303030;
        return (((word & ~High) + 0x7676767676767676) | word) & High & (ulong.MaxValue >> (64 - (8 * length)));
    }

    /// <summary>By its first byte, how long a value must be for a rule to have anything to say about it.</summary>
    private static byte[] LengthsToLookAt()
    {
        const byte Long = 255;
        var lengths = new byte[256];
        for (var i = 0; i < lengths.Length; i++)
        {
            lengths[i] = i switch
            {
                // White space, or the beginning of it.
                <= 0x20 or 0x7F or 0xC2 or 0xE1 or 0xE2 or 0xE3 => 1,
                // Phone and card numbers. Those that begin with a plus have a notable byte.
                '0' or (>= '2' and <= '6') => ShortestLookedAt,
                _ => Long,
            };
        }

        return lengths;
    }

    private struct FieldStep
    {
        public int Ordinal;
        public int Commas;
        public FieldKind Kind;
        public bool MayBeNumbers;
    }
}
