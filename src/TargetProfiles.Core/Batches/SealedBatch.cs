using System.Security.Cryptography;

namespace TargetProfiles.Batches;

/// <summary>A finished batch body, ready to be sent any number of times.</summary>
internal sealed class SealedBatch : IDisposable
{
    private readonly byte[] _header;
    private readonly SegmentedBuffer _rows;
    private string? _sha256;

    public SealedBatch(int number, byte[] header, SegmentedBuffer rows, int rowCount, long firstRow, long lastRow)
    {
        Number = number;
        _header = header;
        _rows = rows;
        RowCount = rowCount;
        FirstRow = firstRow;
        LastRow = lastRow;
    }

    /// <summary>Position in the run, from 1.</summary>
    public int Number { get; }

    public int RowCount { get; }

    /// <summary>Number of the first source row in it.</summary>
    public long FirstRow { get; }

    public long LastRow { get; }

    public int HeaderLength => _header.Length;

    public long Length => _header.Length + _rows.Length;

    /// <summary>What is known of it from an earlier command: the service may have it already.</summary>
    public BatchState StateBefore { get; set; } = BatchState.NotSent;

    /// <summary>The body, piece by piece.</summary>
    public IEnumerable<ArraySegment<byte>> Segments() => new[] { new ArraySegment<byte>(_header) }.Concat(_rows.Segments());

    /// <summary>SHA-256 of the body, in lower-case hexadecimal.</summary>
    public string Sha256 => _sha256 ??= Hash();

    /// <summary>Counts the rows in the body itself: a witness independent of the builder's counter.</summary>
    public long CountRows() => CountRows(_rows);

    /// <summary>Counts rows, each of which ends with a line feed.</summary>
    public static long CountRows(SegmentedBuffer rows)
    {
        var lines = 0L;
        foreach (var segment in rows.Segments())
            lines += CountLineFeeds(segment.AsSpan());
        return lines;
    }

    public void Dispose() => _rows.Dispose();

    private static long CountLineFeeds(ReadOnlySpan<byte> bytes)
    {
#if NET
        return bytes.Count((byte)'\n');
#else
        var count = 0L;
        int next;
        while ((next = bytes.IndexOf((byte)'\n')) >= 0)
        {
            count++;
            bytes = bytes.Slice(next + 1);
        }

        return count;
#endif
    }

    private string Hash()
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var segment in Segments())
            sha.AppendData(segment.Array!, segment.Offset, segment.Count);
        return Hex.Of(sha.GetHashAndReset());
    }
}
