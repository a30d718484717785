using System.Runtime.CompilerServices;

namespace TargetProfiles.Sending.Duplicates;

/// <summary>
/// The fingerprints seen so far, each with the position where it came first. Bounded in memory: what is over goes to sorted
/// runs in private files.
/// </summary>
internal sealed class SeenIds : IDisposable
{
    /// <summary>Bytes of the table at most; with its growing and the filters, the whole stays below 128 MB.</summary>
    private const int DefaultTableBytes = 32 * 1024 * 1024;

    private const int FirstSlots = 1024;
    private const int RunsOfALevel = 4;
    private const long FilterBytes = 64L * 1024 * 1024;

    private readonly int _maxSlots;
    private readonly List<SortedRun> _runs = [];
    private IdPlace[] _slots = [];
    private int _shift;
    private int _count;

    /// <param name="maxTableBytes">What the table in memory may take; rounded down to a power of two.</param>
    public SeenIds(int maxTableBytes = DefaultTableBytes)
    {
        _maxSlots = 8;
        while (_maxSlots * 2L * IdPlace.Size <= maxTableBytes)
            _maxSlots *= 2;
        var slots = Math.Min(FirstSlots, _maxSlots);
        Allocate(slots);
    }

    /// <summary>True once something was added.</summary>
    public bool Any => _count > 0 || _runs.Count > 0;

    /// <summary>Makes room for so many more at once, as far as the table may grow.</summary>
    public void Expect(long count)
    {
        var slots = _slots.Length;
        while (slots < _maxSlots && slots - (slots / 8) <= _count + count)
            slots *= 2;
        if (slots > _slots.Length)
            Grow(slots);
    }

    /// <summary>Forgets all of them, and keeps the table.</summary>
    public void Clear()
    {
        Dispose();
        Array.Clear(_slots, 0, _slots.Length);
        _count = 0;
    }

    /// <summary>Adds a fingerprint that was not seen before.</summary>
    /// <param name="fingerprint">The fingerprint; not zero, which marks a free slot.</param>
    /// <param name="position">Where it stands.</param>
    /// <param name="firstPosition">Where it stood first.</param>
    /// <returns>False if it was seen before.</returns>
    [MethodImpl(Bits.Optimized)]
    public bool TryAdd(ulong fingerprint, long position, out long firstPosition)
    {
        if (TryFindInTable(fingerprint, out var slot, out firstPosition) || (_runs.Count > 0 && TryFindInRuns(fingerprint, out firstPosition)))
            return false;
        firstPosition = position;
        // Full at seven eighths.
        if (_count >= _slots.Length - (_slots.Length / 8))
        {
            MakeRoom();
            TryFindInTable(fingerprint, out slot, out _);
        }

        _slots[slot] = new IdPlace(fingerprint, position);
        _count++;
        return true;
    }

    public bool TryFind(ulong fingerprint, out long firstPosition) =>
        TryFindInTable(fingerprint, out _, out firstPosition) || TryFindInRuns(fingerprint, out firstPosition);

    public void Dispose()
    {
        foreach (var run in _runs)
            run.Dispose();
        _runs.Clear();
    }

    [MethodImpl(Bits.Optimized)]
    private bool TryFindInTable(ulong fingerprint, out int slot, out long position)
    {
        var slots = _slots;
        var mask = slots.Length - 1;
        for (slot = (int)(fingerprint >> _shift); ; slot = (slot + 1) & mask)
        {
            ref readonly var known = ref slots[slot];
            if (known.Fingerprint == fingerprint)
            {
                position = known.Position;
                return true;
            }

            if (known.Fingerprint != 0)
                continue;
            position = 0;
            return false;
        }
    }

    private bool TryFindInRuns(ulong fingerprint, out long position)
    {
        foreach (var run in _runs)
        {
            if (run.TryFind(fingerprint, out position))
                return true;
        }

        position = 0;
        return false;
    }

    private void MakeRoom()
    {
        if (_slots.Length < _maxSlots)
            Grow(Math.Min(_maxSlots, _slots.Length * 4));
        else
            Spill();
    }

    // In large steps: each of them moves everything.
    private void Grow(int slots)
    {
        var old = _slots;
        Allocate(slots);
        foreach (var known in old)
        {
            if (known.Fingerprint == 0)
                continue;
            TryFindInTable(known.Fingerprint, out var slot, out _);
            _slots[slot] = known;
        }
    }

    private void Allocate(int slots)
    {
        _slots = new IdPlace[slots];
        for (_shift = 64; 1L << (64 - _shift) < slots; _shift--)
        {
        }
    }

    private void Spill()
    {
        var count = 0;
        foreach (var known in _slots)
        {
            if (known.Fingerprint != 0)
                _slots[count++] = known;
        }

        Array.Sort(_slots, 0, count);
        _runs.Add(SortedRun.Of(_slots, count, FreeFilterBytes()));
        Array.Clear(_slots, 0, _slots.Length);
        _count = 0;
        for (var level = 0; MergeLevel(level); level++)
        {
        }
    }

    private bool MergeLevel(int level)
    {
        var runs = _runs.FindAll(run => run.Level == level);
        if (runs.Count < RunsOfALevel)
            return false;
        _runs.RemoveAll(runs.Contains);
        _runs.Add(SortedRun.Merged(runs, FreeFilterBytes()));
        return true;
    }

    // Half of what is left, so that runs to come get theirs.
    private long FreeFilterBytes() => (FilterBytes - _runs.Sum(run => run.FilterBytes)) / 2;
}
