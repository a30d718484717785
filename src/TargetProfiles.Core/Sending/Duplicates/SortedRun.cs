using System.Buffers.Binary;
using TargetProfiles.Files;

namespace TargetProfiles.Sending.Duplicates;

/// <summary>Fingerprints with their positions, in order, in a private file; asked mostly without reading it.</summary>
internal sealed class SortedRun : IDisposable
{
    private const int BlockEntries = 256;
    private const int BlockBytes = BlockEntries * IdPlace.Size;

    private readonly FileStream _file;
    private readonly FingerprintFilter _filter;
    private readonly List<ulong> _firstOfBlock = [];
    private readonly byte[] _block = new byte[BlockBytes];
    private int _blockLength;
    private long _blockAt = -1;

    private SortedRun(int level, long expected, long maxFilterBytes)
    {
        Level = level;
        _filter = new FingerprintFilter(expected, maxFilterBytes);
        _file = PrivateFile.CreateTemporary();
    }

    /// <summary>How often what stands in it was merged.</summary>
    public int Level { get; }

    public long Count { get; private set; }

    public long FilterBytes => _filter.Bytes;

    /// <summary>Writes a run of pairs that are sorted by fingerprint, then position.</summary>
    public static SortedRun Of(ulong[] fingerprints, long[] positions, int count, long maxFilterBytes)
    {
        var run = new SortedRun(0, count, maxFilterBytes);
        for (var i = 0; i < count; i++)
            run.Append(fingerprints[i], positions[i]);
        run.WriteBlock();
        return run;
    }

    /// <summary>Writes a run of fingerprints that are sorted, none of them twice.</summary>
    public static SortedRun Of(IdPlace[] slots, int count, long maxFilterBytes)
    {
        var run = new SortedRun(0, count, maxFilterBytes);
        for (var i = 0; i < count; i++)
            run.Append(slots[i].Fingerprint, slots[i].Position);
        run.WriteBlock();
        return run;
    }

    /// <summary>Makes one run of several, and disposes those. A pair that stands in two of them stands in it once.</summary>
    public static SortedRun Merged(IReadOnlyList<SortedRun> runs, long maxFilterBytes)
    {
        var merged = new SortedRun(runs.Max(run => run.Level) + 1, runs.Sum(run => run.Count), maxFilterBytes);
        var sources = runs.Select(run => run.Pairs().GetEnumerator()).Where(pairs => pairs.MoveNext()).ToList();
        (ulong, long)? last = null;
        while (sources.Count > 0)
        {
            var least = sources[0];
            for (var i = 1; i < sources.Count; i++)
            {
                if (sources[i].Current.CompareTo(least.Current) < 0)
                    least = sources[i];
            }

            if (last != least.Current)
                merged.Append(least.Current.Item1, least.Current.Item2);
            last = least.Current;
            if (!least.MoveNext())
                sources.Remove(least);
        }

        merged.WriteBlock();
        foreach (var run in runs)
            run.Dispose();
        return merged;
    }

    public bool MayHold(ulong fingerprint) => _filter.MayHold(fingerprint);

    /// <summary>Finds the first position of a fingerprint.</summary>
    public bool TryFind(ulong fingerprint, out long position)
    {
        position = 0;
        if (!_filter.MayHold(fingerprint))
            return false;
        for (var block = FirstBlockOf(fingerprint); block < _firstOfBlock.Count && _firstOfBlock[block] <= fingerprint; block++)
        {
            var entry = FirstEntryOf(fingerprint, block);
            if (entry == EntriesIn(block))
                continue;
            position = PositionAt(entry);
            return FingerprintAt(entry) == fingerprint;
        }

        return false;
    }

    /// <summary>Adds every position of a fingerprint, in order.</summary>
    public void FindAll(ulong fingerprint, List<long> positions)
    {
        for (var block = FirstBlockOf(fingerprint); block < _firstOfBlock.Count && _firstOfBlock[block] <= fingerprint; block++)
        {
            for (var entry = FirstEntryOf(fingerprint, block); entry < EntriesIn(block) && FingerprintAt(entry) == fingerprint; entry++)
                positions.Add(PositionAt(entry));
        }
    }

    public void Dispose() => _file.Dispose();

    private void Append(ulong fingerprint, long position)
    {
        if (_blockLength == 0)
            _firstOfBlock.Add(fingerprint);
        BinaryPrimitives.WriteUInt64LittleEndian(_block.AsSpan(_blockLength), fingerprint);
        BinaryPrimitives.WriteInt64LittleEndian(_block.AsSpan(_blockLength + sizeof(ulong)), position);
        _blockLength += IdPlace.Size;
        _filter.Add(fingerprint);
        Count++;
        if (_blockLength == BlockBytes)
            WriteBlock();
    }

    private void WriteBlock()
    {
        _file.Write(_block, 0, _blockLength);
        _blockLength = 0;
    }

    private IEnumerable<(ulong Fingerprint, long Position)> Pairs()
    {
        for (var block = 0; block < _firstOfBlock.Count; block++)
        {
            Load(block);
            for (var entry = 0; entry < EntriesIn(block); entry++)
                yield return (FingerprintAt(entry), PositionAt(entry));
        }
    }

    // The positions of a fingerprint may begin at the end of the block before the one that begins with it.
    private int FirstBlockOf(ulong fingerprint)
    {
        var (low, high) = (0, _firstOfBlock.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_firstOfBlock[middle] < fingerprint)
                low = middle + 1;
            else
                high = middle;
        }

        return Math.Max(0, low - 1);
    }

    private int FirstEntryOf(ulong fingerprint, int block)
    {
        Load(block);
        var (low, high) = (0, EntriesIn(block));
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (FingerprintAt(middle) < fingerprint)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private int EntriesIn(int block) => (int)Math.Min(BlockEntries, Count - ((long)block * BlockEntries));

    private ulong FingerprintAt(int entry) => BinaryPrimitives.ReadUInt64LittleEndian(_block.AsSpan(entry * IdPlace.Size));

    private long PositionAt(int entry) => BinaryPrimitives.ReadInt64LittleEndian(_block.AsSpan((entry * IdPlace.Size) + sizeof(ulong)));

    private void Load(int block)
    {
        if (_blockAt == block)
            return;
        _blockAt = -1;
        _file.Position = (long)block * BlockBytes;
        PrivateFile.Read(_file, _block, EntriesIn(block) * IdPlace.Size);
        _blockAt = block;
    }
}
