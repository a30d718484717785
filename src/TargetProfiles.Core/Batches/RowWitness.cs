using System.Runtime.CompilerServices;

namespace TargetProfiles.Batches;

/// <summary>
/// Bears witness to the rows of a batch and their order. The builder tells it what it was given; the sender tells it what
/// stands in the body. If the two differ, rows were lost, doubled or exchanged in between.
/// </summary>
internal struct RowWitness : IEquatable<RowWitness>
{
    // Odd, with bits all over: multiplying spreads every bit upwards, and the shift brings them down again.
    private const ulong Spread = 0x9E3779B97F4A7C15;

    private ulong _sum;

    public int Rows { get; private set; }

    /// <summary>Tells of the next row.</summary>
    /// <param name="id">Its id, encoded.</param>
    /// <param name="values">The rest of it, from the first comma on, without a line end.</param>
    [MethodImpl(Bits.Optimized)]
    public void Add(ReadOnlySpan<byte> id, ReadOnlySpan<byte> values)
    {
        _sum = (_sum * Spread) + (Hash(id) * Spread) + Hash(values);
        Rows++;
    }

    /// <summary>Looks at the rows of a body.</summary>
    [MethodImpl(Bits.Optimized)]
    public static RowWitness Of(SegmentedBuffer rows)
    {
        var witness = new RowWitness();
        var begun = Array.Empty<byte>();
        foreach (var segment in rows.Segments())
        {
            var text = segment.AsSpan();
            int end;
            while ((end = text.IndexOf((byte)'\n')) >= 0)
            {
                var row = text.Slice(0, end);
                witness.AddRow(begun.Length == 0 ? row : [.. begun, .. row]);
                begun = [];
                text = text.Slice(end + 1);
            }

            if (!text.IsEmpty)
                begun = [.. begun, .. text];
        }

        // What does not end is no row, and yet not nothing.
        if (begun.Length > 0)
            witness._sum += Hash(begun) | 1;
        return witness;
    }

    public readonly bool Equals(RowWitness other) => _sum == other._sum && Rows == other.Rows;

    public override readonly bool Equals(object? obj) => obj is RowWitness other && Equals(other);

    public override readonly int GetHashCode() => _sum.GetHashCode();

    private void AddRow(ReadOnlySpan<byte> row)
    {
        var comma = row.IndexOf((byte)',');
        if (comma < 0)
            Add(row, []);
        else
            Add(row.Slice(0, comma), row.Slice(comma));
    }

    // Four words at a time, since a multiplication takes longer than the processor needs to begin the next.
    [MethodImpl(Bits.Optimized)]
    private static unsafe ulong Hash(ReadOnlySpan<byte> bytes)
    {
        const int Word = sizeof(ulong);
        var (one, two, three, four) = ((ulong)bytes.Length, Spread, ~Spread, Spread >> 1);
        fixed (byte* text = bytes)
        {
            var at = text;
            var end = text + bytes.Length;
            for (; end - at >= 4 * Word; at += 4 * Word)
            {
                one = Mixed(one ^ *(ulong*)at);
                two = Mixed(two ^ *(ulong*)(at + Word));
                three = Mixed(three ^ *(ulong*)(at + (2 * Word)));
                four = Mixed(four ^ *(ulong*)(at + (3 * Word)));
            }

            for (; end - at >= Word; at += Word)
                one = Mixed(one ^ *(ulong*)at);
            ulong last = 0;
            if (bytes.Length >= Word)
            {
                last = *(ulong*)(end - Word);
            }
            else
            {
                for (; at < end; at++)
                    last = (last << 8) | *at;
            }

            two = Mixed(two ^ last);
        }

        return (((((one * Spread) + two) * Spread) + three) * Spread) + four;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mixed(ulong value)
    {
        value *= Spread;
        return value ^ (value >> 32);
    }
}
