using TargetProfiles.Batches;
using TargetProfiles.Files;

namespace TargetProfiles.Sending.Journal;

/// <summary>
/// Batches of rows that can be read only once, kept in a private file while they are the same as those of a run that was
/// completed before: if all are, none is sent.
/// </summary>
internal sealed class HeldBatches : IDisposable
{
    private readonly FileStream _file = PrivateFile.CreateTemporary();
    private readonly List<Held> _batches = [];

    /// <summary>Keeps a batch, and disposes it.</summary>
    /// <exception cref="IOException">There is no room.</exception>
    public void Add(SealedBatch batch)
    {
        using (batch)
        {
            _batches.Add(new Held(batch.Number, batch.Witness, batch.FirstRow, batch.LastRow, _file.Position, batch.HeaderLength, batch.Length));
            foreach (var segment in batch.Segments())
                _file.Write(segment.Array!, segment.Offset, segment.Count);
        }
    }

    /// <summary>What is kept, without the bodies.</summary>
    public IEnumerable<TargetProfileBatch> NotSent() =>
        _batches.Select(held => new TargetProfileBatch(held.Number, BatchState.NotSent, held.FirstRow, held.LastRow, held.Witness.Rows, held.Length));

    /// <summary>Makes the batches again, one at a time.</summary>
    public IEnumerable<SealedBatch> Release()
    {
        foreach (var held in _batches)
        {
            _file.Position = held.Start;
            var header = Read(held.HeaderLength);
            var rows = new SegmentedBuffer();
            for (var left = held.Length - held.HeaderLength; left > 0;)
            {
                var part = Read((int)Math.Min(left, 256 * 1024));
                rows.Append(part);
                left -= part.Length;
            }

            yield return new SealedBatch(held.Number, header, rows, held.Witness, held.FirstRow, held.LastRow);
        }
    }

    public void Dispose() => _file.Dispose();

    private byte[] Read(int count)
    {
        var bytes = new byte[count];
        PrivateFile.Read(_file, bytes, count);
        return bytes;
    }

    private sealed record Held(int Number, RowWitness Witness, long FirstRow, long LastRow, long Start, int HeaderLength, long Length);
}
