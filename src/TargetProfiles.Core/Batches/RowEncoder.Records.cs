using System.Buffers.Binary;
using System.Runtime.CompilerServices;
#if NET
using System.Runtime.Intrinsics;
#endif
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

    /// <summary>Longer records go field by field, where there are limits to keep.</summary>
    private const int MaxPlainRecord = 16 * 1024;

    private uint[] _escapes = [];
    private bool _hasNewText;
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
        if (!TryAddInOrder(record, attributes))
            return false;
        if (_hasNewText)
            SeeTexts(record);
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
            Vector256.Store(Vector256.Load(from + i), to + i);
#else
            var (one, other) = (*(ulong*)(from + i), *(ulong*)(from + i + 8));
            *(ulong*)(to + i) = one;
            *(ulong*)(to + i + 8) = other;
#endif
        }
    }

    private struct FieldStep
    {
        public int Ordinal;
        public int Commas;
        public FieldKind Kind;
        public bool MayBeNumbers;
    }
}
