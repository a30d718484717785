using TargetProfiles.Emulator.Profiles;

namespace TargetProfiles.Emulator;

/// <summary>A profile as it stood when asked. Attributes are decoded on first use.</summary>
public sealed class EmulatedProfile
{
    private readonly AttributeLayer? _layers;
    private readonly Lazy<string> _pcId;
    private IReadOnlyDictionary<string, string>? _attributes;

    internal EmulatedProfile(StoredProfile profile, GeneratedPcId generated)
    {
        int number = profile.Number;
        string? pcId = profile.PcId;
        _pcId = new Lazy<string>(() => pcId ?? generated.Of(number));
        _layers = profile.Layers;
        ThirdPartyId = profile.ThirdPartyId;
        Ecid = profile.Ecid;
        ModifiedAt = profile.ModifiedAt;
    }

    /// <summary>The pcId with its location hint, given or generated.</summary>
    public string PcId => _pcId.Value;

    /// <summary>The thirdPartyId, if any.</summary>
    public string? ThirdPartyId { get; }

    /// <summary>The ECID, if any.</summary>
    public string? Ecid { get; }

    /// <summary>Attribute values by bare name (no <c>profile.</c>), case-sensitive.</summary>
    public IReadOnlyDictionary<string, string> Attributes => _attributes ??= Decode();

    /// <summary>When it last changed, by the emulator's clock.</summary>
    public DateTimeOffset ModifiedAt { get; }

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
