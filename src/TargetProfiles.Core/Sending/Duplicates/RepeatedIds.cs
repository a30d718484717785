namespace TargetProfiles.Sending.Duplicates;

/// <summary>The fingerprints that came more than once, each with all its positions. Filled, then completed, then asked.</summary>
internal sealed class RepeatedIds(int maxPairs = RepeatedIds.DefaultMaxPairs) : IDisposable
{
    private const int DefaultMaxPairs = 512 * 1024;
    private const int RunsAtATime = 8;
    private const long FilterBytes = 16L * 1024 * 1024;

    private readonly List<SortedRun> _runs = [];
    private ulong[] _fingerprints = [];
    private long[] _positions = [];
    private int _count;
    private FingerprintFilter? _filter;
    private SortedRun? _all;

    /// <summary>Notes that what stood at the first position stands at another, too.</summary>
    public void Add(ulong fingerprint, long firstPosition, long position)
    {
        Append(fingerprint, firstPosition);
        Append(fingerprint, position);
    }

    public void Complete()
    {
        Sort();
        if (_runs.Count == 0)
        {
            _filter = new FingerprintFilter(_count, FilterBytes);
            for (var i = 0; i < _count; i++)
                _filter.Add(_fingerprints[i]);
            return;
        }

        if (_count > 0)
            Spill();
        (_fingerprints, _positions) = ([], []);
        _all = _runs.Count == 1 ? _runs[0] : SortedRun.Merged(_runs, FilterBytes);
        _runs.Clear();
    }

    /// <summary>True if there are any.</summary>
    public bool Any => _all is not null || _count > 0;

    public bool Contains(ulong fingerprint)
    {
        if (_all is not null)
            return _all.TryFind(fingerprint, out _);
        return _count > 0 && _filter!.MayHold(fingerprint) && FirstIndexOf(fingerprint) >= 0;
    }

    /// <summary>Lists every position of a fingerprint, in order.</summary>
    public void Find(ulong fingerprint, List<long> positions)
    {
        positions.Clear();
        if (_all is not null)
        {
            _all.FindAll(fingerprint, positions);
            return;
        }

        var index = FirstIndexOf(fingerprint);
        for (; index >= 0 && index < _count && _fingerprints[index] == fingerprint; index++)
            positions.Add(_positions[index]);
    }

    public void Dispose()
    {
        _all?.Dispose();
        foreach (var run in _runs)
            run.Dispose();
    }

    private void Append(ulong fingerprint, long position)
    {
        if (_count == maxPairs)
        {
            Sort();
            // Mostly first positions of the same few ids, said again with each repetition.
            if (_count > maxPairs / 2)
                Spill();
        }

        if (_count == _fingerprints.Length)
        {
            var length = Math.Min(maxPairs, Math.Max(256, _count * 2));
            Array.Resize(ref _fingerprints, length);
            Array.Resize(ref _positions, length);
        }

        _fingerprints[_count] = fingerprint;
        _positions[_count++] = position;
    }

    private void Spill()
    {
        _runs.Add(SortedRun.Of(_fingerprints, _positions, _count, FilterBytes / RunsAtATime));
        _count = 0;
        if (_runs.Count < RunsAtATime)
            return;
        var merged = SortedRun.Merged(_runs, FilterBytes);
        _runs.Clear();
        _runs.Add(merged);
    }

    /// <summary>Brings the pairs in order and drops those that stand twice.</summary>
    private void Sort()
    {
        Array.Sort(_fingerprints, _positions, 0, _count);
        var kept = 0;
        for (var start = 0; start < _count;)
        {
            var end = start + 1;
            while (end < _count && _fingerprints[end] == _fingerprints[start])
                end++;
            Array.Sort(_positions, start, end - start);
            var first = kept;
            for (var i = start; i < end; i++)
            {
                if (kept > first && _positions[kept - 1] == _positions[i])
                    continue;
                _fingerprints[kept] = _fingerprints[start];
                _positions[kept++] = _positions[i];
            }

            start = end;
        }

        _count = kept;
    }

    private int FirstIndexOf(ulong fingerprint)
    {
        var index = Array.BinarySearch(_fingerprints, 0, _count, fingerprint);
        while (index > 0 && _fingerprints[index - 1] == fingerprint)
            index--;
        return index;
    }
}
