namespace TargetProfiles;

/// <summary>A visitor profile as the service keeps it.</summary>
public sealed class TargetProfile
{
    internal TargetProfile(
        string clientCode,
        string? pcId,
        string? thirdPartyId,
        string? ecid,
        DateTime? modifiedAt,
        Dictionary<string, string> attributes,
        Dictionary<string, DateTime> attributesModifiedAt)
    {
        ClientCode = clientCode;
        PcId = pcId;
        ThirdPartyId = thirdPartyId;
        Ecid = ecid;
        ModifiedAt = modifiedAt;
        Attributes = attributes;
        AttributesModifiedAt = attributesModifiedAt;
    }

    /// <summary>The account.</summary>
    public string ClientCode { get; }

    /// <summary>The customer's own id, where the profile was asked for by it.</summary>
    public string? ThirdPartyId { get; }

    /// <summary>Target's own id, with its location hint where the service gives one.</summary>
    public string? PcId { get; }

    /// <summary>The Experience Cloud id, where the profile was asked for by it.</summary>
    public string? Ecid { get; }

    /// <summary>When the profile last changed, in UTC.</summary>
    public DateTime? ModifiedAt { get; }

    /// <summary>Values by attribute name, without <c>profile.</c>; names are case-sensitive, values always text (fact 2.4).</summary>
    public IDictionary<string, string> Attributes { get; }

    /// <summary>When each attribute last changed, in UTC.</summary>
    public IDictionary<string, DateTime> AttributesModifiedAt { get; }

    /// <inheritdoc/>
    public override string ToString() => ThirdPartyId ?? Ecid ?? PcId ?? "";
}
