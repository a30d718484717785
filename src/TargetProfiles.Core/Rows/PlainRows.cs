using System.Buffers;
using System.Runtime.CompilerServices;

namespace TargetProfiles.Rows;

/// <summary>
/// Records one behind the other, each split by separators alone and with exactly the fields of the header. What stands where
/// is noted for many records at once, since a record by itself is too short for a processor to get into its stride.
/// </summary>
/// <param name="fieldCount">Fields of the header; at least 1.</param>
/// <param name="delimiter">What splits fields; one other than a comma must be encoded, too.</param>
internal sealed unsafe class PlainRows(int fieldCount, byte delimiter) : IDisposable
{
    /// <summary>Bytes whose contents are noted at most; a longer record is none of these.</summary>
    public const int Window = 16 * 1024;

    /// <summary>Behind the last place of each list.</summary>
    private const int None = int.MaxValue;

    // Some too many are written rather than one by one: a loop that ends at another place each time costs more.
    private const int AtATime = 8;
    private const int Places = Window + CsvBlock.Size + AtATime + 1;

    private readonly ulong _encodedSeparators = delimiter == (byte)',' ? 0 : ulong.MaxValue;
    private readonly int[] _lineEnds = ArrayPool<int>.Shared.Rent(Places);
    private readonly int[] _separatorCounts = ArrayPool<int>.Shared.Rent(Places);
    private readonly int[] _complex = ArrayPool<int>.Shared.Rent(Places);
    private CsvBlock[] _blocks = [];
    private int _from;
    private int _to;
    private int _textEnd;
    private int _separator;
    private int _lineEnd;
    private int _complexPlace;

    /// <summary>The text; as many bytes as a <see cref="CsvBlock"/> has may be read behind it.</summary>
    public byte[] Buffer { get; private set; } = [];

    /// <summary>Where the next record starts.</summary>
    public int Start { get; private set; }

    /// <summary>Where the line end of the next record stands, once <see cref="TryNext"/> has found it.</summary>
    public int End { get; private set; }

    /// <summary>Where the last record starts that was taken.</summary>
    public int LastStart { get; private set; }

    /// <summary>Records that were taken since they were asked for.</summary>
    public int Taken { get; private set; }

    /// <summary>Places of delimiters and line ends.</summary>
    public int[] Separators { get; } = ArrayPool<int>.Shared.Rent(Places);

    /// <summary>The first separator of the next record, in <see cref="Separators"/>.</summary>
    public int FirstSeparator => _separator;

    /// <summary>Places of bytes that must be encoded, then a place that no text has.</summary>
    public int[] Encoded { get; } = ArrayPool<int>.Shared.Rent(Places);

    /// <summary>The first of <see cref="Encoded"/> that no record before has; whoever encodes moves it on.</summary>
    public int NextEncoded { get; set; }

    /// <summary>Places where a field begins with such a byte, then a place that no text has.</summary>
    public int[] EncodedStarts { get; } = ArrayPool<int>.Shared.Rent(Places);

    /// <summary>The first of <see cref="EncodedStarts"/> that no record before has; whoever looks at them moves it on.</summary>
    public int NextEncodedStart { get; set; }

    /// <summary>Where the last line ends of those that were noted.</summary>
    public int LastEnd { get; private set; }

    /// <summary>
    /// False if few fields are looked at, by <see cref="Field"/>: then <see cref="Separators"/>, <see cref="Encoded"/> and
    /// <see cref="EncodedStarts"/> stay empty.
    /// </summary>
    public bool NotesFields { get; set; } = true;

    public void Dispose()
    {
        foreach (var places in new[] { Separators, Encoded, EncodedStarts, _lineEnds, _separatorCounts, _complex })
            ArrayPool<int>.Shared.Return(places);
    }

    /// <summary>Forgets what was noted, since the text has moved.</summary>
    public void Forget() => _to = _from = 0;

    /// <summary>Looks for records from a place on.</summary>
    /// <param name="scan">Knows what stands where.</param>
    /// <param name="buffer">The text.</param>
    /// <param name="start">Where a record starts.</param>
    /// <param name="end">Where the text ends.</param>
    /// <returns>True if a line ends there.</returns>
    public bool TryFind(CsvScan scan, byte[] buffer, int start, int end)
    {
        Taken = 0;
        if (start < _from || start >= _to || !TrySeek(start))
        {
            scan.Skip(start);
            if (scan.Length < Math.Min(end, (start & -CsvBlock.Size) + Window))
                scan.Extend(buffer, end);
            Note(scan, start, Math.Min(scan.Length, (start & -CsvBlock.Size) + Window));
        }

        Buffer = buffer;
        _blocks = scan.Blocks;
        Start = start;
        _textEnd = end;
        return _lineEnds[_lineEnd] != None;
    }

    /// <summary>Finds the next record.</summary>
    /// <returns>False if it is another kind of record, or does not end within what was noted.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryNext()
    {
        var end = _lineEnds[_lineEnd];
        if (_separatorCounts[_lineEnd] - _separator != fieldCount || _complex[_complexPlace] <= end || end == Start || (end + 1 >= _textEnd && Buffer[end] == '\r'))
            return false;
        End = end;
        return true;
    }

    /// <summary>A field of the record that was found, by its number from 0.</summary>
    public ReadOnlySpan<byte> Field(int number)
    {
        var start = Start;
        for (; number > 0; number--)
            start = SeparatorFrom(start) + 1;
        return Buffer.AsSpan(start, SeparatorFrom(start) - start);
    }

    /// <summary>Takes the record that was found.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take()
    {
        _separator += fieldCount;
        _lineEnd++;
        LastStart = Start;
        Start = End + 1;
        Taken++;
        if (Buffer[End] == '\r' && Buffer[Start] == '\n')
            PassLineFeed();
    }

    private void PassLineFeed()
    {
        // It may stand behind what was noted.
        if (Start < _to)
        {
            _separator++;
            _lineEnd++;
        }

        Start++;
    }

    private int SeparatorFrom(int place)
    {
        var block = place / CsvBlock.Size;
        var bits = _blocks[block].Separators & (ulong.MaxValue << place);
        while (bits == 0)
            bits = _blocks[++block].Separators;
        return (block * CsvBlock.Size) + Bits.Lowest(bits);
    }

    /// <summary>Passes over what others have read meanwhile.</summary>
    /// <returns>False if no line end is noted behind it.</returns>
    private bool TrySeek(int start)
    {
        while (_lineEnds[_lineEnd] < start)
            _lineEnd++;
        if (_lineEnds[_lineEnd] == None)
            return false;
        _separator = _lineEnd == 0 ? 0 : _separatorCounts[_lineEnd - 1];
        while (_complex[_complexPlace] < start)
            _complexPlace++;
        while (Encoded[NextEncoded] < start)
            NextEncoded++;
        while (EncodedStarts[NextEncodedStart] < start)
            NextEncodedStart++;
        return true;
    }

    [MethodImpl(Bits.Optimized)]
    private void Note(CsvScan scan, int start, int to)
    {
        fixed (CsvBlock* blocks = scan.Blocks)
        fixed (int* separators = Separators)
        fixed (int* lineEnds = _lineEnds)
        fixed (int* separatorCounts = _separatorCounts)
        fixed (int* complex = _complex)
        fixed (int* encoded = Encoded)
        fixed (int* encodedStarts = EncodedStarts)
        {
            var separator = separators;
            var lineEnd = lineEnds;
            var complexPlace = complex;
            var encodedPlace = encoded;
            var encodedStart = encodedStarts;
            var noted = NotesFields ? ulong.MaxValue : 0;
            var separatorCount = separatorCounts;
            var passed = 0;
            var kept = ulong.MaxValue << start;
            var before = 1UL << start;
            for (var place = start & -CsvBlock.Size; place < to; place += CsvBlock.Size)
            {
                var block = blocks + (place / CsvBlock.Size);
                var blockSeparators = block->Separators & kept;
                var blockLineEnds = block->LineEnds & kept;
                var blockReserved = block->Reserved & kept & noted;
                separator = NoteMany(separator, blockSeparators & noted, place);
                encodedPlace = NoteMany(encodedPlace, blockReserved | (blockSeparators & ~blockLineEnds & _encodedSeparators & noted), place);
                for (var ends = blockLineEnds; ends != 0; ends &= ends - 1)
                {
                    *lineEnd++ = place + Bits.Lowest(ends);
                    *separatorCount++ = passed + Bits.Count(blockSeparators & (ends ^ (ends - 1)));
                }

                passed += Bits.Count(blockSeparators);
                complexPlace = NoteFew(complexPlace, block->Complex & kept, place);
                encodedStart = NoteFew(encodedStart, blockReserved & ((blockSeparators << 1) | before), place);
                before = blockSeparators >> 63;
                kept = ulong.MaxValue;
            }

            LastEnd = lineEnd > lineEnds ? lineEnd[-1] : 0;
            *separator = *lineEnd = *complexPlace = *encodedPlace = *encodedStart = None;
            // Never as many as a record has.
            *separatorCount = -1;
        }

        (_from, _to) = (start, to);
        _separator = _lineEnd = _complexPlace = NextEncoded = NextEncodedStart = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int* NoteMany(int* places, ulong bits, int place)
    {
        var end = places + Bits.Count(bits);
        for (; bits != 0; places += AtATime)
        {
            for (var i = 0; i < AtATime; i++)
            {
                places[i] = place + Bits.Lowest(bits);
                bits &= bits - 1;
            }
        }

        return end;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int* NoteFew(int* places, ulong bits, int place)
    {
        for (; bits != 0; bits &= bits - 1)
            *places++ = place + Bits.Lowest(bits);
        return places;
    }
}
