namespace TargetProfiles.Batches;

/// <summary>
/// Segments that were given back, for whoever needs the next one, on whatever thread. The runtime's pool keeps one for each
/// thread that ever gave one back, where nobody else finds it, so a long run took more memory than a short one.
/// </summary>
internal sealed class SegmentPool
{
    /// <summary>Bytes of a segment.</summary>
    public const int SegmentSize = 1024 * 1024;

    private readonly Stack<byte[]> _free = new();

    public byte[] Rent()
    {
        lock (_free)
        {
            if (_free.Count > 0)
                return _free.Pop();
        }

        return new byte[SegmentSize];
    }

    public void Return(byte[] segment)
    {
        lock (_free)
            _free.Push(segment);
    }
}
