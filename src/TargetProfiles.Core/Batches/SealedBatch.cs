using System.Security.Cryptography;

namespace TargetProfiles.Batches;

/// <summary>A finished batch body, ready to be sent any number of times.</summary>
internal sealed class SealedBatch : IDisposable
{
    private readonly byte[] _header;
    private readonly SegmentedBuffer _rows;
    private Task<string>? _hashing;

    /// <param name="number">Position in the run, from 1.</param>
    /// <param name="header">The first line.</param>
    /// <param name="rows">The other lines; disposed with the batch.</param>
    /// <param name="witness">What was to be put into <paramref name="rows"/>.</param>
    /// <param name="firstRow">Number of the first source row in it.</param>
    /// <param name="lastRow">Number of the last.</param>
    public SealedBatch(int number, byte[] header, SegmentedBuffer rows, RowWitness witness, long firstRow, long lastRow)
    {
        Number = number;
        _header = header;
        _rows = rows;
        Witness = witness;
        FirstRow = firstRow;
        LastRow = lastRow;
    }

    /// <summary>Position in the run, from 1.</summary>
    public int Number { get; }

    /// <summary>1 or 2 for a half of a batch that was too large for the service; 0 for a whole one.</summary>
    public int Part { get; private init; }

    public int RowCount => Witness.Rows;

    /// <summary>What was put into it.</summary>
    public RowWitness Witness { get; }

    /// <summary>Number of the first source row in it.</summary>
    public long FirstRow { get; }

    public long LastRow { get; }

    public int HeaderLength => _header.Length;

    public long Length => _header.Length + _rows.Length;

    /// <summary>What is known of it from an earlier command: the service may have it already.</summary>
    public BatchState StateBefore { get; set; } = BatchState.NotSent;

    /// <summary>The body, piece by piece.</summary>
    public IEnumerable<ArraySegment<byte>> Segments() => new[] { new ArraySegment<byte>(_header) }.Concat(_rows.Segments());

    /// <summary>SHA-256 of the body, in lower-case hexadecimal. Waits until it is known.</summary>
    public string Sha256
    {
        get
        {
            BeginHashing();
            return _hashing!.GetAwaiter().GetResult();
        }
    }

    /// <summary>Has the body hashed while it waits, is looked at, or is sent.</summary>
    public void BeginHashing() => _hashing ??= Task.Run(Hash);

    /// <summary>Looks whether the rows in the body are those that were put into it.</summary>
    /// <exception cref="InvalidOperationException">They are not: a defect.</exception>
    public void RequireItsRows()
    {
        var found = RowWitness.Of(_rows);
        if (!found.Equals(Witness))
            throw new InvalidOperationException($"Batch {Number} holds {(found.Rows == RowCount ? "other rows than were put into it" : $"{CountText.Of(found.Rows, "row")} and should hold {RowCount}")}. This is a defect: nothing of it was sent.");
    }

    /// <summary>Makes two batches of it, of the same number. It is needed no more afterwards.</summary>
    public (SealedBatch First, SealedBatch Second) Halves()
    {
        var (first, second) = (_rows.Another(), _rows.Another());
        var left = RowCount / 2;
        foreach (var segment in _rows.Segments())
        {
            var bytes = segment.AsSpan();
            int end;
            while (left > 0 && (end = bytes.IndexOf((byte)'\n')) >= 0)
            {
                first.Append(bytes.Slice(0, end + 1));
                bytes = bytes.Slice(end + 1);
                left--;
            }

            (left > 0 ? first : second).Append(bytes);
        }

        return (Half(1, first), Half(2, second));
    }

    public void Dispose()
    {
        _hashing?.Wait();
        _rows.Dispose();
    }

    // The whole was looked at before its first byte left.
    private SealedBatch Half(int part, SegmentedBuffer rows) =>
        new(Number, _header, rows, RowWitness.Of(rows), FirstRow, LastRow) { Part = part, StateBefore = StateBefore };

    private string Hash()
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var segment in Segments())
            sha.AppendData(segment.Array!, segment.Offset, segment.Count);
        return Hex.Of(sha.GetHashAndReset());
    }
}
