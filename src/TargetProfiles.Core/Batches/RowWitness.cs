using System.Runtime.CompilerServices;
#if NET
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
#endif

namespace TargetProfiles.Batches;

/// <summary>
/// Bears witness to the rows of a batch and their order. The builder tells it what it was given; the sender tells it what
/// stands in the body. If the two differ, rows were lost, doubled or exchanged in between.
/// </summary>
internal struct RowWitness : IEquatable<RowWitness>
{
    private const int Word = sizeof(ulong);
    private const byte LineEnd = (byte)'\n';

    // Odd, with bits all over.
    private const ulong Spread = 0x9E3779B97F4A7C15;

    private ulong _sum;
    private long _length;

    public int Rows { get; private set; }

    /// <summary>Tells of the next row.</summary>
    /// <param name="id">Its id, encoded.</param>
    /// <param name="values">The rest of it, from the first comma on, without a line end.</param>
    public void Add(ReadOnlySpan<byte> id, ReadOnlySpan<byte> values)
    {
        Add(id);
        Add(values);
        Add([LineEnd]);
        Rows++;
    }

    /// <summary>Tells of the next rows.</summary>
    /// <param name="lines">The rows, each with its line end.</param>
    /// <param name="count">How many they are.</param>
    public void Add(ReadOnlySpan<byte> lines, int count)
    {
        Add(lines);
        Rows += count;
    }

    /// <summary>Looks at the rows of a body; what has no line end is no row.</summary>
    public static RowWitness Of(SegmentedBuffer rows)
    {
        var witness = new RowWitness();
        foreach (var segment in rows.Segments())
            witness.Add(segment.AsSpan(), LineEnds(segment.AsSpan()));
        return witness;
    }

    public readonly bool Equals(RowWitness other) => _sum == other._sum && _length == other._length && Rows == other.Rows;

    public override readonly bool Equals(object? obj) => obj is RowWitness other && Equals(other);

    public override readonly int GetHashCode() => _sum.GetHashCode();

    /// <summary>
    /// Adds up the halves of all words, each times a number that belongs to its place: a sum that does not depend on the pieces
    /// that the text came in, since a piece of a word adds what its bytes do.
    /// </summary>
    [MethodImpl(Bits.Optimized)]
    private unsafe void Add(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* text = bytes)
        {
            var at = text;
            var end = text + bytes.Length;
            var sum = _sum;
            var place = (((ulong)_length / Word) + 1) * Spread;
            var inWord = (int)(_length % Word);
            if (inWord != 0)
            {
                var count = Math.Min(Word - inWord, bytes.Length);
                sum += Weighed(Part(at, count) << (8 * inWord), place);
                at += count;
                if (inWord + count == Word)
                    place += Spread;
            }

#if NET
            if (Avx2.IsSupported && end - at >= Vector256<byte>.Count)
                sum += WeighedMany(ref at, end, ref place);
#endif
            for (; end - at >= Word; at += Word, place += Spread)
                sum += Weighed(*(ulong*)at, place);
            if (at < end)
                sum += Weighed(Part(at, (int)(end - at)), place);
            _sum = sum;
            _length += bytes.Length;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Weighed(ulong word, ulong place)
    {
        var weight = place ^ (place >> 32);
        return ((ulong)(uint)word * (uint)weight) + ((word >> 32) * (weight >> 32));
    }

#if NET
    /// <summary>The same of four words at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe ulong WeighedMany(ref byte* at, byte* end, ref ulong place)
    {
        var fourPlaces = unchecked(4 * Spread);
        var places = Vector256.Create(place, place + Spread, place + unchecked(2 * Spread), place + unchecked(3 * Spread));
        var step = Vector256.Create(fourPlaces);
        var sums = Vector256<ulong>.Zero;
        for (; end - at >= Vector256<byte>.Count; at += Vector256<byte>.Count, place += fourPlaces)
        {
            var text = Vector256.Load((ulong*)at);
            var weights = places ^ Vector256.ShiftRightLogical(places, 32);
            sums += Avx2.Multiply(text.AsUInt32(), weights.AsUInt32());
            sums += Avx2.Multiply(Vector256.ShiftRightLogical(text, 32).AsUInt32(), Vector256.ShiftRightLogical(weights, 32).AsUInt32());
            places += step;
        }

        return Vector256.Sum(sums);
    }
#endif

    private static unsafe ulong Part(byte* text, int count)
    {
        ulong word = 0;
        for (var i = 0; i < count; i++)
            word |= (ulong)text[i] << (8 * i);
        return word;
    }

    private static int LineEnds(ReadOnlySpan<byte> text)
    {
#if NET
        return text.Count(LineEnd);
#else
        var count = 0;
        foreach (var value in text)
            count += value == LineEnd ? 1 : 0;
        return count;
#endif
    }
}
