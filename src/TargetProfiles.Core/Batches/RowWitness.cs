using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

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

    [MethodImpl(Bits.Optimized)]
    private static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        // Two at a time, since a multiplication takes longer than the processor needs to begin the next.
        var (hash, other) = ((ulong)bytes.Length, Spread);
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        var i = 0;
        for (; i + 1 < words.Length; i += 2)
        {
            hash = Mixed(hash ^ words[i]);
            other = Mixed(other ^ words[i + 1]);
        }

        if (i < words.Length)
            hash = Mixed(hash ^ words[i]);
        ulong last = 0;
        for (var j = words.Length * sizeof(ulong); j < bytes.Length; j++)
            last = (last << 8) | bytes[j];
        return Mixed(hash ^ last) + other;
    }

    private static ulong Mixed(ulong value)
    {
        value *= Spread;
        return value ^ (value >> 32);
    }
}
