using TargetProfiles.Emulator.Profiles;

namespace TargetProfiles.Emulator;

/// <summary>A profile as it stood when asked. Attributes are decoded on first use.</summary>
public sealed class EmulatedProfile
{
    private readonly AttributeLayer? _layers;
    private readonly GeneratedPcId _generated;
    private readonly int _number;
    private string? _pcId;
    private IReadOnlyDictionary<string, string>? _attributes;

    internal EmulatedProfile(StoredProfile profile, GeneratedPcId generated)
    {
        _pcId = profile.PcId;
        _number = profile.Number;
        _generated = generated;
        _layers = profile.Layers;
        ThirdPartyId = profile.ThirdPartyId;
        Ecid = profile.Ecid;
        ModifiedAt = profile.ModifiedAt;
    }

    /// <summary>The pcId with its location hint, given or generated.</summary>
    public string PcId => _pcId ??= _generated.Of(_number);

    /// <summary>The thirdPartyId, if any.</summary>
    public string? ThirdPartyId { get; }

    /// <summary>The ECID, if any.</summary>
    public string? Ecid { get; }

    /// <summary>Attribute values by bare name (no <c>profile.</c>), case-sensitive.</summary>
    public IReadOnlyDictionary<string, string> Attributes => _attributes ??= Decode();

    /// <summary>When it last changed, by the emulator's clock.</summary>
    public DateTimeOffset ModifiedAt { get; }

    /// <summary>The attributes in ordinal order of their names, for dumps of very many profiles.</summary>
    internal KeyValuePair<string, AttributeValue>[] InOrder()
    {
        KeyValuePair<string, AttributeValue>[] attributes = [.. AttributeLayer.Flatten(_layers)];
        Array.Sort(attributes, static (one, other) => string.CompareOrdinal(one.Key, other.Key));
        return attributes;
    }

    private SortedDictionary<string, string> Decode()
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (KeyValuePair<string, AttributeValue> attribute in AttributeLayer.Flatten(_layers))
        {
            values[attribute.Key] = attribute.Value.Text;
        }

        return values;
    }
}
