using System.Globalization;

namespace TargetProfiles.Emulator.Profiles;

/// <summary>The account's state: profiles, batches and what waits to be applied, behind one gate.</summary>
internal sealed class ProfileService : IDisposable
{
    private const int MostStatuses = 10_000;

    private readonly object _gate = new();
    private readonly EmulatorOptions _options;
    private readonly EmulatorClock _clock;
    private readonly CancellationToken _stop;
    private readonly GeneratedPcId _generated;
    private readonly ProfileStore _store;
    private readonly WorkQueue _queue;
    private readonly LinkedList<QueuedBatch> _batches = new();
    private readonly Dictionary<string, QueuedBatch> _batchById = new(StringComparer.Ordinal);
    private long _batchNumber;

    public ProfileService(EmulatorOptions options, EmulatorClock clock, CancellationToken stop)
    {
        _options = options;
        _clock = clock;
        _stop = stop;
        _generated = new GeneratedPcId(options.Seed);
        _store = new ProfileStore(_generated);
        _queue = new WorkQueue(_gate, clock, options);
        _batchNumber = 10_000_000 + (Math.Abs((long)options.Seed) * 7919 % 80_000_000);
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                Settle();
                return _store.Count;
            }
        }
    }

    public QueuedBatch Submit(BatchFile file, int version)
    {
        lock (_gate)
        {
            DateTimeOffset now = _clock.UtcNow;
            string id = string.Format(
                CultureInfo.InvariantCulture, "{0}-{1}-{2:D8}", _options.ClientCode, now.ToUnixTimeMilliseconds(), ++_batchNumber % 100_000_000);
            var batch = new QueuedBatch(id, version, file, now, EmulatorClock.Later(now, _options.ProcessingDelay), _options.TakeStuck())
            {
                Number = _batchNumber,
                Listing = _options.ListAllProfiles ? BatchProcessing.PendingListing(file) : null,
            };
            _batches.AddLast(batch);
            _batchById[id] = batch;
            while (_batches.Count > MostStatuses)
            {
                _batchById.Remove(_batches.First!.Value.BatchId);
                _batches.RemoveFirst();
            }

            _queue.Add(batch.Due, at => Process(batch, at));
            return batch;
        }
    }

    /// <summary>Queues a single update, which never creates; an unknown profile is passed over in silence.</summary>
    public void Update(string? pcId, string? thirdPartyId, IReadOnlyDictionary<string, string> attributes)
    {
        lock (_gate)
        {
            _queue.Add(EmulatorClock.Later(_clock.UtcNow, _options.UpdateDelay), at =>
            {
                ProfileStore store = Current(at);
                StoredProfile? profile = pcId is null ? null : store.ByPcId(pcId);
                profile ??= thirdPartyId is null ? null : store.ByThirdPartyId(thirdPartyId);
                if (profile is not null && attributes.Count > 0)
                {
                    store.Write(profile, Values(attributes, at, profile.Layers), at);
                }
            });
            Settle();
        }
    }

    /// <summary>What a fetch may see of a profile, or null: changes younger than the fetch lag are hidden.</summary>
    public (DateTimeOffset ModifiedAt, Dictionary<string, AttributeValue> Attributes)? Fetch(Func<ProfileStore, StoredProfile?> find)
    {
        lock (_gate)
        {
            Settle();
            DateTimeOffset until = EmulatorClock.Later(_clock.UtcNow, -NotNegative(_options.FetchLag));
            StoredProfile? profile = find(_store);
            if (profile is null || profile.CreatedAt > until)
            {
                return null;
            }

            Dictionary<string, AttributeValue> attributes = AttributeLayer.Flatten(profile.Layers, until);
            DateTimeOffset newest = attributes.Count == 0 ? profile.CreatedAt : attributes.Values.Max(value => value.ModifiedAt);
            return (newest, attributes);
        }
    }

    /// <summary>Runs <paramref name="read"/> on the batch under the gate; null if the status is not (or no longer) known.</summary>
    public T? Status<T>(string batchId, Func<QueuedBatch, T> read)
        where T : class
    {
        lock (_gate)
        {
            Settle();
            return _batchById.TryGetValue(batchId, out QueuedBatch? batch) && HasStatus(batch) ? read(batch) : null;
        }
    }

    public void Add(string? pcId, string? thirdPartyId, string? ecid, IReadOnlyDictionary<string, string> attributes)
    {
        lock (_gate)
        {
            Settle();
            DateTimeOffset now = _clock.UtcNow;
            StoredProfile profile = (thirdPartyId is null ? null : _store.ByThirdPartyId(thirdPartyId))
                ?? (pcId is null ? null : _store.ByPcId(pcId))
                ?? (ecid is null ? null : _store.ByEcid(ecid))
                ?? _store.Create(pcId, thirdPartyId, ecid, now);
            _store.Name(profile, profile.PcId is null ? pcId : null, thirdPartyId, ecid);
            _store.Write(profile, Values(attributes, now, profile.Layers), now);
        }
    }

    public void MboxCall(string? pcId, string? thirdPartyId)
    {
        lock (_gate)
        {
            Settle();
            MboxMerge.Apply(_store, pcId, thirdPartyId, _clock.UtcNow);
        }
    }

    public void ProcessNow()
    {
        lock (_gate)
        {
            _queue.DoDue(all: true);
        }
    }

    public bool WaitForIdle(TimeSpan timeout) => _queue.WaitUntilEmpty(timeout);

    public EmulatedProfile? Find(Func<ProfileStore, StoredProfile?> find)
    {
        lock (_gate)
        {
            Settle();
            return find(_store) is { } profile ? new EmulatedProfile(profile, _generated) : null;
        }
    }

    public List<EmulatedProfile> Profiles()
    {
        lock (_gate)
        {
            Settle();
            var profiles = new List<EmulatedProfile>(_store.Count);
            profiles.AddRange(_store.All.Select(profile => new EmulatedProfile(profile, _generated)));
            return profiles;
        }
    }

    public List<EmulatedProfile> LatestProfiles(int count)
    {
        lock (_gate)
        {
            Settle();
            return [.. _store.Latest(count).Select(profile => new EmulatedProfile(profile, _generated))];
        }
    }

    public EmulatedBatch[] Batches()
    {
        EmulatedBatch[] batches = LatestBatches(MostStatuses);
        Array.Reverse(batches);
        return batches;
    }

    /// <summary>The last batches, newest first.</summary>
    public EmulatedBatch[] LatestBatches(int count)
    {
        lock (_gate)
        {
            Settle();
            return NewestFirst().Take(count).Select((batch, newer) => batch.Snapshot(HasStatus(batch, newer))).ToArray();
        }
    }

    /// <summary>How many of the batches have this status.</summary>
    public Dictionary<string, int> CountByStatus()
    {
        lock (_gate)
        {
            Settle();
            return _batches.GroupBy(batch => batch.Status).ToDictionary(group => group.Key, group => group.Count());
        }
    }

    public void Dispose() => _queue.Dispose();

    private static ValueLayer Values(IReadOnlyDictionary<string, string> attributes, DateTimeOffset at, AttributeLayer? older)
    {
        var values = new Dictionary<string, AttributeValue>(StringComparer.Ordinal);
        foreach (KeyValuePair<string, string> attribute in attributes)
        {
            values[attribute.Key] = new AttributeValue(attribute.Value, at, Pending: false);
        }

        return new ValueLayer(values, at, older);
    }

    // TimeSpan.MinValue cannot be negated, and a negative lag means none.
    private static TimeSpan NotNegative(TimeSpan lag) => lag > TimeSpan.Zero ? lag : TimeSpan.Zero;

    private void Process(QueuedBatch batch, DateTimeOffset at)
    {
        try
        {
            BatchProcessing.Apply(batch, Current(at), _options, at, _stop);
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or OutOfMemoryException))
        {
            // On a timer's thread anything else would end the process.
            batch.Status = "stuck";
        }
    }

    private void Settle()
    {
        _queue.DoDue();
        _store.Expire(_clock.UtcNow, _options.ProfileLifetime);
    }

    private ProfileStore Current(DateTimeOffset now)
    {
        _store.Expire(now, _options.ProfileLifetime);
        return _store;
    }

    private bool HasStatus(QueuedBatch batch) => HasStatus(batch, NewestFirst().TakeWhile(newer => !ReferenceEquals(newer, batch)).Count());

    private bool HasStatus(QueuedBatch batch, int newer) =>
        newer < (_options.StatusRetentionCount ?? int.MaxValue)
        && !(_options.StatusRetentionTime is { } time && _clock.UtcNow - batch.SubmittedAt > time);

    private IEnumerable<QueuedBatch> NewestFirst()
    {
        for (LinkedListNode<QueuedBatch>? node = _batches.Last; node is not null; node = node.Previous)
        {
            yield return node.Value;
        }
    }
}
