using System.Buffers;
using System.Runtime.CompilerServices;
#if NET
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
#endif

namespace TargetProfiles.Rows;

/// <summary>
/// Looks at text once, many bytes at a time, for whatever splits records and fields and for what must be encoded. It knows
/// nothing of quotes: it says where they are, and who needs to know more looks closer.
/// </summary>
internal sealed unsafe class CsvScan(byte delimiter) : IDisposable
{
    // So much that what is found is still in the nearest cache when it is used.
    private const int Step = 8 * 1024;

    private const byte IsDelimiter = 1;
    private const byte IsLineEnd = 2;
    private const byte IsQuote = 4;
    private const byte IsBlank = 8;
    private const byte IsReserved = 16;

    private readonly byte[] _kinds = Kinds(delimiter);
    private readonly byte _delimiter = delimiter;

    /// <summary>What stands in the text, from the beginning of the buffer; there is a block more than the text has.</summary>
    public CsvBlock[] Blocks { get; private set; } = [];

    /// <summary>How far the text was looked at: whole blocks, or all of it.</summary>
    public int Length { get; private set; }

    /// <summary>Forgets what is known of a place and of all behind it.</summary>
    public void Forget(int position) => Length = Math.Min(Length, position) & -CsvBlock.Size;

    /// <summary>Passes over text that was not looked at and is not asked for any more.</summary>
    public void Skip(int position) => Length = Math.Max(Length, position & -CsvBlock.Size);

    public void Dispose()
    {
        ArrayPool<CsvBlock>.Shared.Return(Blocks);
        Blocks = [];
    }

    /// <summary>Looks a step further.</summary>
    /// <param name="buffer">The text; as many bytes as a block has may be read behind it.</param>
    /// <param name="end">Where the text ends.</param>
    public void Extend(byte[] buffer, int end)
    {
        var first = Length / CsvBlock.Size;
        var from = first * CsvBlock.Size;
        var to = Math.Min(end, from + Step);
        var last = (to + CsvBlock.Size - 1) / CsvBlock.Size;
        if (last >= Blocks.Length)
            Grow((buffer.Length / CsvBlock.Size) + 2);
        // What stands before the text is taken for both: at worst a record is looked at closer than it needs.
        var before = first == 0 ? (byte)(IsLineEnd | IsBlank) : _kinds[buffer[from - 1]];
        var edge = new Edge { Separator = (before & (IsLineEnd | IsDelimiter)) != 0 ? 1UL : 0, Blank = (before & IsBlank) != 0 ? 1UL : 0 };
        fixed (byte* text = buffer)
        fixed (CsvBlock* blocks = Blocks)
        {
#if NET
            if (Avx2.IsSupported)
                Scan256(text, blocks, first, last, ref edge);
            else if (Ssse3.IsSupported || AdvSimd.Arm64.IsSupported)
                Scan128(text, blocks, first, last, ref edge);
            else
                ScanBytes(text, blocks, first, last, ref edge);
#else
            ScanBytes(text, blocks, first, last, ref edge);
#endif
            if (to % CsvBlock.Size != 0)
                KeepBelow(to % CsvBlock.Size, blocks + last - 1);
        }

        Length = to;
    }

#if NET
    [MethodImpl(Bits.Optimized)]
    private void Scan256(byte* text, CsvBlock* blocks, int first, int last, ref Edge edge)
    {
        var delimiters = Vector256.Create(_delimiter);
        var low = Vector256.Create(LowNibbles(), LowNibbles());
        var high = Vector256.Create(HighNibbles(), HighNibbles());
        var carried = edge;
        for (var block = first; block < last; block++)
        {
            var one = Vector256.Load(text + (block * CsvBlock.Size));
            var other = Vector256.Load(text + (block * CsvBlock.Size) + 32);
            Note(
                blocks + block,
                Mask(Vector256.Equals(one, delimiters), Vector256.Equals(other, delimiters)),
                Mask(IsAny(one, (byte)'\r', (byte)'\n'), IsAny(other, (byte)'\r', (byte)'\n')),
                Mask(Vector256.Equals(one, Vector256.Create((byte)'"')), Vector256.Equals(other, Vector256.Create((byte)'"'))),
                Mask(IsAny(one, (byte)' ', (byte)'\t'), IsAny(other, (byte)' ', (byte)'\t')),
                Mask(Reserved(one, low, high), Reserved(other, low, high)),
                ref carried);
        }

        edge = carried;

        static ulong Mask(Vector256<byte> one, Vector256<byte> other) => one.ExtractMostSignificantBits() | ((ulong)other.ExtractMostSignificantBits() << 32);
        static Vector256<byte> IsAny(Vector256<byte> text, byte value, byte another) => Vector256.Equals(text, Vector256.Create(value)) | Vector256.Equals(text, Vector256.Create(another));
        static Vector256<byte> Reserved(Vector256<byte> text, Vector256<byte> low, Vector256<byte> high) =>
            Vector256.Equals(Avx2.Shuffle(low, text) & Avx2.Shuffle(high, Vector256.ShiftRightLogical(text.AsUInt16(), 4).AsByte() & Vector256.Create((byte)0x0F)), Vector256<byte>.Zero);
    }

    [MethodImpl(Bits.Optimized)]
    private void Scan128(byte* text, CsvBlock* blocks, int first, int last, ref Edge edge)
    {
        var delimiters = Vector128.Create(_delimiter);
        var (low, high) = (LowNibbles(), HighNibbles());
        var carried = edge;
        for (var block = first; block < last; block++)
        {
            ulong delimiter = 0, lineEnd = 0, quote = 0, blank = 0, reserved = 0;
            for (var i = 0; i < CsvBlock.Size; i += 16)
            {
                var bytes = Vector128.Load(text + (block * CsvBlock.Size) + i);
                delimiter |= (ulong)Vector128.Equals(bytes, delimiters).ExtractMostSignificantBits() << i;
                lineEnd |= (ulong)IsAny(bytes, (byte)'\r', (byte)'\n').ExtractMostSignificantBits() << i;
                quote |= (ulong)Vector128.Equals(bytes, Vector128.Create((byte)'"')).ExtractMostSignificantBits() << i;
                blank |= (ulong)IsAny(bytes, (byte)' ', (byte)'\t').ExtractMostSignificantBits() << i;
                reserved |= (ulong)Vector128.Equals(Shuffle(low, bytes & Vector128.Create((byte)0x8F)) & Shuffle(high, Vector128.ShiftRightLogical(bytes, 4)), Vector128<byte>.Zero).ExtractMostSignificantBits() << i;
            }

            Note(blocks + block, delimiter, lineEnd, quote, blank, reserved, ref carried);
        }

        edge = carried;

        static Vector128<byte> IsAny(Vector128<byte> text, byte value, byte another) => Vector128.Equals(text, Vector128.Create(value)) | Vector128.Equals(text, Vector128.Create(another));
        static Vector128<byte> Shuffle(Vector128<byte> table, Vector128<byte> index) => Ssse3.IsSupported ? Ssse3.Shuffle(table, index) : AdvSimd.Arm64.VectorTableLookup(table, index);
    }

    // Unreserved are those ASCII characters whose high nibble, as a bit, stands in the entry of their low nibble.
    private static Vector128<byte> LowNibbles() => Vector128.Create(
        (byte)0xA8, 0xF8, 0xF8, 0xF8, 0xF8, 0xF8, 0xF8, 0xF8, 0xF8, 0xF8, 0xF0, 0x50, 0x50, 0x54, 0xD4, 0x70);

    private static Vector128<byte> HighNibbles() => Vector128.Create((byte)1, 2, 4, 8, 16, 32, 64, 128, 0, 0, 0, 0, 0, 0, 0, 0);
#endif

    private void ScanBytes(byte* text, CsvBlock* blocks, int first, int last, ref Edge edge)
    {
        fixed (byte* kinds = _kinds)
        {
            for (var block = first; block < last; block++)
            {
                ulong delimiter = 0, lineEnd = 0, quote = 0, blank = 0, reserved = 0;
                for (var i = 0; i < CsvBlock.Size; i++)
                {
                    ulong kind = kinds[text[(block * CsvBlock.Size) + i]];
                    if (kind == 0)
                        continue;
                    delimiter |= (kind & 1) << i;
                    lineEnd |= ((kind >> 1) & 1) << i;
                    quote |= ((kind >> 2) & 1) << i;
                    blank |= ((kind >> 3) & 1) << i;
                    reserved |= (kind >> 4) << i;
                }

                Note(blocks + block, delimiter, lineEnd, quote, blank, reserved, ref edge);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Note(CsvBlock* block, ulong delimiters, ulong lineEnds, ulong quotes, ulong blanks, ulong reserved, ref Edge edge)
    {
        var separators = delimiters | lineEnds;
        // A delimiter may be a blank, too.
        blanks &= ~delimiters;
        block->Separators = separators;
        block->LineEnds = lineEnds;
        block->Complex = quotes | (blanks & ((separators << 1) | edge.Separator)) | (separators & ((blanks << 1) | edge.Blank));
        block->Reserved = reserved & ~separators;
        edge.Separator = separators >> 63;
        edge.Blank = blanks >> 63;
    }

    private static void KeepBelow(int bits, CsvBlock* block)
    {
        var kept = (1UL << bits) - 1;
        block->Separators &= kept;
        block->LineEnds &= kept;
        block->Complex &= kept;
        block->Reserved &= kept;
    }

    private void Grow(int length)
    {
        var larger = ArrayPool<CsvBlock>.Shared.Rent(length);
        Blocks.CopyTo(larger, 0);
        ArrayPool<CsvBlock>.Shared.Return(Blocks);
        Blocks = larger;
    }

    private static byte[] Kinds(byte delimiter)
    {
        var kinds = new byte[256];
        for (var i = 0; i < kinds.Length; i++)
        {
            if ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".IndexOf((char)i) < 0)
                kinds[i] = IsReserved;
        }

        kinds['\r'] |= IsLineEnd;
        kinds['\n'] |= IsLineEnd;
        kinds['"'] |= IsQuote;
        kinds[' '] |= IsBlank;
        kinds['\t'] |= IsBlank;
        kinds[delimiter] = IsDelimiter;
        return kinds;
    }

    /// <summary>What the last byte before a block was.</summary>
    private struct Edge
    {
        public ulong Separator;
        public ulong Blank;
    }
}
