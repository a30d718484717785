using System.Runtime.CompilerServices;

namespace TargetProfiles.Rows;

/// <summary>A record that separators alone split into fields, and where they stand. Valid until the next record is read.</summary>
internal sealed class PlainRecord
{
    private int[] _ends = new int[256];

    /// <summary>The text; as many bytes as a <see cref="CsvBlock"/> has may be read behind the record.</summary>
    public byte[] Buffer { get; private set; } = [];

    /// <summary>Blocks of the whole buffer.</summary>
    public CsvBlock[] Blocks { get; private set; } = [];

    /// <summary>Where the record starts in the buffer.</summary>
    public int Start { get; private set; }

    /// <summary>Where its line end stands.</summary>
    public int End { get; private set; }

    /// <summary>Number of its fields.</summary>
    public int FieldCount { get; private set; }

    /// <summary>The place before the record, then where each field ends; what follows means nothing.</summary>
    public int[] Ends => _ends;

    /// <summary>Where a field starts.</summary>
    public int StartOf(int field) => _ends[field] + 1;

    /// <summary>Bytes of a field.</summary>
    public int LengthOf(int field) => _ends[field + 1] - _ends[field] - 1;

    /// <summary>Finds the record that starts at a place.</summary>
    /// <param name="scan">Knows what stands where.</param>
    /// <param name="buffer">The text.</param>
    /// <param name="start">The place.</param>
    /// <param name="end">Where the text ends.</param>
    /// <returns>False if it does not end within the text, is empty, or separators alone do not split it; then the record is none.</returns>
    [MethodImpl(Bits.Optimized)]
    public bool TryFind(CsvScan scan, byte[] buffer, int start, int end)
    {
        var fields = 0;
        int recordEnd;
        ulong complex = 0;
        var from = ulong.MaxValue << start;
        _ends[0] = start - 1;
        scan.Skip(start);
        for (var place = start & -CsvBlock.Size; ; place += CsvBlock.Size)
        {
            if (place >= scan.Length)
            {
                if (scan.Length >= end)
                    return false;
                scan.Extend(buffer, end);
            }

            ref readonly var block = ref scan.Blocks[place / CsvBlock.Size];
            var lineEnds = block.LineEnds & from;
            var kept = from & (lineEnds ^ (lineEnds - 1));
            var separators = block.Separators & kept;
            complex |= block.Complex & kept;
            from = ulong.MaxValue;
            if (fields + CsvBlock.Size + 8 >= _ends.Length)
                Array.Resize(ref _ends, _ends.Length * 2);
            NoteEnds(separators, place, fields + 1);
            fields += Bits.Count(separators);
            if (lineEnds != 0)
            {
                recordEnd = place + Bits.Lowest(lineEnds);
                break;
            }

            if (place + CsvBlock.Size > scan.Length)
                return false;
        }

        if (complex != 0 || recordEnd == start)
            return false;
        // Written only where they change: a reference in an object costs more to write than a number.
        if (!ReferenceEquals(Buffer, buffer))
            Buffer = buffer;
        if (!ReferenceEquals(Blocks, scan.Blocks))
            Blocks = scan.Blocks;
        Start = start;
        End = recordEnd;
        FieldCount = fields;
        return true;
    }

    // Some too many rather than one by one: a loop that ends at another place each time costs more.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private unsafe void NoteEnds(ulong separators, int place, int field)
    {
        const int AtATime = 8;
        fixed (int* ends = _ends)
        {
            for (var end = ends + field; separators != 0; end += AtATime)
            {
                for (var i = 0; i < AtATime; i++)
                {
                    end[i] = place + Bits.Lowest(separators);
                    separators &= separators - 1;
                }
            }
        }
    }
}
