using System.Runtime.CompilerServices;

namespace TargetProfiles.Batches;

/// <summary>Bytes in pooled segments: grows without copying what is there, and gives the memory back.</summary>
internal sealed class SegmentedBuffer : IDisposable
{
    private const int SegmentSize = SegmentPool.SegmentSize;

    private readonly SegmentPool _pool;
    private readonly List<byte[]> _segments = [];
    private int _used = SegmentSize;

    public SegmentedBuffer()
        : this(new SegmentPool())
    {
    }

    private SegmentedBuffer(SegmentPool pool) => _pool = pool;

    /// <summary>An empty buffer of the same pool.</summary>
    public SegmentedBuffer Another() => new(_pool);

    public long Length => _segments.Count == 0 ? 0 : ((long)(_segments.Count - 1) * SegmentSize) + _used;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_used == SegmentSize)
            {
                _segments.Add(_pool.Rent());
                _used = 0;
            }

            var copied = Math.Min(bytes.Length, SegmentSize - _used);
            bytes.Slice(0, copied).CopyTo(_segments[_segments.Count - 1].AsSpan(_used));
            _used += copied;
            bytes = bytes.Slice(copied);
        }
    }

    /// <summary>Appends two texts and a line feed.</summary>
    [MethodImpl(Bits.Optimized)]
    public void AppendLine(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        var length = one.Length + other.Length + 1;
        if (SegmentSize - _used < length)
        {
            Append(one);
            Append(other);
            Append("\n"u8);
            return;
        }

        var free = _segments[_segments.Count - 1].AsSpan(_used, length);
        one.CopyTo(free);
        other.CopyTo(free.Slice(one.Length));
        free[length - 1] = (byte)'\n';
        _used += length;
    }

    /// <summary>Where bytes may be written that <see cref="Take"/> then appends; empty if a segment must be begun first.</summary>
    public ArraySegment<byte> Room() => _segments.Count == 0 ? default : new ArraySegment<byte>(_segments[_segments.Count - 1], _used, SegmentSize - _used);

    /// <summary>Appends what was written into <see cref="Room"/>.</summary>
    public ReadOnlySpan<byte> Take(int length)
    {
        _used += length;
        return _segments[_segments.Count - 1].AsSpan(_used - length, length);
    }

    public IEnumerable<ArraySegment<byte>> Segments()
    {
        for (var i = 0; i < _segments.Count; i++)
            yield return new ArraySegment<byte>(_segments[i], 0, i == _segments.Count - 1 ? _used : SegmentSize);
    }

    public void Dispose()
    {
        foreach (var segment in _segments)
            _pool.Return(segment);
        _segments.Clear();
        _used = SegmentSize;
    }
}
