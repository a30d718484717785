namespace TargetProfiles.Emulator.Profiles;

/// <summary>All profiles, found by any of their ids. Not safe for threads by itself: the profile service guards it.</summary>
internal sealed class ProfileStore(GeneratedPcId generated)
{
    private readonly List<StoredProfile> _profiles = [];
    private readonly Dictionary<string, StoredProfile> _byThirdPartyId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StoredProfile> _byPcId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StoredProfile> _byEcid = new(StringComparer.Ordinal);
    private DateTimeOffset _oldest = DateTimeOffset.MaxValue;
    private int _gone;

    public int Count => _profiles.Count - _gone;

    public IEnumerable<StoredProfile> All => _profiles.Where(profile => !profile.Gone);

    /// <summary>The last ones to be created, newest first.</summary>
    public IEnumerable<StoredProfile> Latest(int count)
    {
        for (int at = _profiles.Count - 1; at >= 0 && count > 0; at--)
        {
            if (!_profiles[at].Gone)
            {
                count--;
                yield return _profiles[at];
            }
        }
    }

    public string PcIdOf(StoredProfile profile) => profile.PcId ?? generated.Of(profile.Number);

    public StoredProfile? ByThirdPartyId(string id) => _byThirdPartyId.TryGetValue(id, out StoredProfile? profile) ? profile : null;

    public StoredProfile? ByEcid(string id) => _byEcid.TryGetValue(id, out StoredProfile? profile) ? profile : null;

    public StoredProfile? ByPcId(string id)
    {
        string bare = GeneratedPcId.WithoutHint(id);
        if (_byPcId.TryGetValue(bare, out StoredProfile? profile))
        {
            return profile;
        }

        int number = generated.NumberOf(bare);
        return number >= 0 && number < _profiles.Count && !_profiles[number].Gone && _profiles[number].PcId is null
            ? _profiles[number]
            : null;
    }

    public StoredProfile Create(string? pcId, string? thirdPartyId, string? ecid, DateTimeOffset now)
    {
        var profile = new StoredProfile(_profiles.Count) { CreatedAt = now, ModifiedAt = now };
        _profiles.Add(profile);
        Name(profile, pcId, thirdPartyId, ecid);
        Touch(profile, now);
        return profile;
    }

    public void Name(StoredProfile profile, string? pcId, string? thirdPartyId, string? ecid)
    {
        if (pcId is not null)
        {
            profile.PcId = pcId;
            _byPcId[GeneratedPcId.WithoutHint(pcId)] = profile;
        }

        if (thirdPartyId is not null)
        {
            profile.ThirdPartyId = thirdPartyId;
            _byThirdPartyId[thirdPartyId] = profile;
        }

        if (ecid is not null)
        {
            profile.Ecid = ecid;
            _byEcid[ecid] = profile;
        }
    }

    public void Touch(StoredProfile profile, DateTimeOffset now)
    {
        profile.ModifiedAt = now;
        if (now < _oldest)
        {
            _oldest = now;
        }
    }

    public void Write(StoredProfile profile, AttributeLayer layer, DateTimeOffset now)
    {
        profile.Layers = AttributeLayer.Folded(layer);
        Touch(profile, now);
    }

    public void Remove(StoredProfile profile)
    {
        Forget(_byThirdPartyId, profile.ThirdPartyId, profile);
        Forget(_byEcid, profile.Ecid, profile);
        Forget(_byPcId, profile.PcId is null ? null : GeneratedPcId.WithoutHint(profile.PcId), profile);
        profile.Gone = true;
        profile.Layers = null;
        _gone++;
    }

    /// <summary>Removes what has been untouched for the lifetime. Cheap unless something may have expired.</summary>
    public void Expire(DateTimeOffset now, TimeSpan lifetime)
    {
        if (_oldest == DateTimeOffset.MaxValue || now - _oldest <= lifetime)
        {
            return;
        }

        _oldest = DateTimeOffset.MaxValue;
        foreach (StoredProfile profile in _profiles)
        {
            if (profile.Gone)
            {
                continue;
            }

            if (now - profile.ModifiedAt > lifetime)
            {
                Remove(profile);
            }
            else if (profile.ModifiedAt < _oldest)
            {
                _oldest = profile.ModifiedAt;
            }
        }
    }

    private static void Forget(Dictionary<string, StoredProfile> index, string? id, StoredProfile profile)
    {
        if (id is not null && index.TryGetValue(id, out StoredProfile? held) && ReferenceEquals(held, profile))
        {
            index.Remove(id);
        }
    }
}
