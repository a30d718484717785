namespace TargetProfiles.Emulator.Profiles;

/// <summary>
/// What an mbox call does to profiles: it ends the pending set of v2 batches, and with both ids it merges the two
/// profiles, where the thirdPartyId's value wins [documented].
/// </summary>
internal static class MboxMerge
{
    public static void Apply(ProfileStore store, string? pcId, string? thirdPartyId, DateTimeOffset now)
    {
        StoredProfile? byPcId = pcId is null ? null : store.ByPcId(pcId);
        StoredProfile? byThirdPartyId = thirdPartyId is null ? null : store.ByThirdPartyId(thirdPartyId);

        if (byPcId is null && byThirdPartyId is null)
        {
            if (pcId is not null || thirdPartyId is not null)
            {
                store.Create(pcId, thirdPartyId, null, now);
            }

            return;
        }

        if (byPcId is null || byThirdPartyId is null || ReferenceEquals(byPcId, byThirdPartyId))
        {
            StoredProfile only = (byPcId ?? byThirdPartyId)!;
            store.Name(only, only.PcId is null && byPcId is null ? pcId : null, only.ThirdPartyId is null ? thirdPartyId : null, null);
            Settle(only, AttributeLayer.Flatten(only.Layers), store, now);
            return;
        }

        Dictionary<string, AttributeValue> merged = AttributeLayer.Flatten(byPcId.Layers);
        foreach (KeyValuePair<string, AttributeValue> attribute in AttributeLayer.Flatten(byThirdPartyId.Layers))
        {
            merged[attribute.Key] = attribute.Value;
        }

        string visitorId = store.PcIdOf(byPcId);
        string? ecid = byThirdPartyId.Ecid ?? byPcId.Ecid;
        store.Remove(byPcId);
        store.Name(byThirdPartyId, visitorId, null, ecid);
        Settle(byThirdPartyId, merged, store, now);
    }

    private static void Settle(StoredProfile profile, Dictionary<string, AttributeValue> attributes, ProfileStore store, DateTimeOffset now)
    {
        var settled = new Dictionary<string, AttributeValue>(StringComparer.Ordinal);
        foreach (KeyValuePair<string, AttributeValue> attribute in attributes)
        {
            settled[attribute.Key] = attribute.Value with { Pending = false };
        }

        store.Write(profile, new ValueLayer(settled, now, older: null), now);
    }
}
