namespace TargetProfiles.Emulator;

/// <summary>The faults waiting to be played; the first that matches a request is played on it.</summary>
public sealed class WireFaults
{
    private readonly List<Entry> _entries = [];
    private readonly Random _random;

    internal WireFaults(int seed) => _random = new Random(seed);

    /// <summary>Faults not used up.</summary>
    public int Count
    {
        get
        {
            lock (_entries)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Adds a fault behind those already there.</summary>
    /// <param name="fault">The fault.</param>
    public void Add(WireFault fault)
    {
        if (fault is null)
        {
            throw new ArgumentNullException(nameof(fault));
        }

        lock (_entries)
        {
            _entries.Add(new Entry(fault));
        }
    }

    /// <summary>Removes all faults; those being played end as they would.</summary>
    public void Clear()
    {
        lock (_entries)
        {
            _entries.Clear();
        }
    }

    internal WireFault? Take(FaultTarget target) =>
        Take(fault => fault.Kind != FaultKind.RefuseConnection && (fault.On == FaultTarget.Any || fault.On == target));

    internal WireFault? TakeRefusal(bool edge) =>
        Take(fault => fault.Kind == FaultKind.RefuseConnection && (fault.On == FaultTarget.Any || (fault.On == FaultTarget.Status) == edge));

    private WireFault? Take(Func<WireFault, bool> matches)
    {
        lock (_entries)
        {
            foreach (Entry entry in _entries)
            {
                if (!matches(entry.Fault))
                {
                    continue;
                }

                if (entry.Skip > 0)
                {
                    entry.Skip--;
                    continue;
                }

                if (entry.Fault.Probability < 1 && Draw() >= entry.Fault.Probability)
                {
                    continue;
                }

                if (entry.Left > 0 && --entry.Left == 0)
                {
                    _entries.Remove(entry);
                }

                return entry.Fault;
            }

            return null;
        }
    }

#pragma warning disable CA5394 // Which request meets a fault must repeat with the seed; it is no secret.
    private double Draw() => _random.NextDouble();
#pragma warning restore CA5394

    private sealed class Entry(WireFault fault)
    {
        public WireFault Fault { get; } = fault;

        public int Left { get; set; } = fault.Times;

        public int Skip { get; set; } = fault.SkipFirst;
    }
}
