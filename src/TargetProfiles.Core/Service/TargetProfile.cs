namespace TargetProfiles;

/// <summary>A visitor profile as the service keeps it.</summary>
public sealed class TargetProfile
{
    internal TargetProfile(
        string clientCode,
        ProfileKey key,
        string? visitorId,
        DateTime? modifiedAt,
        Dictionary<string, string> attributes,
        Dictionary<string, DateTime> attributesModifiedAt)
    {
        ClientCode = clientCode;
        ThirdPartyId = key.ThirdPartyId;
        PcId = key.PcId;
        Ecid = key.Ecid;
        VisitorId = visitorId;
        ModifiedAt = modifiedAt;
        Attributes = attributes;
        AttributesModifiedAt = attributesModifiedAt;
    }

    /// <summary>The account.</summary>
    public string ClientCode { get; }

    /// <summary>The customer's own id, if the profile was asked for by it.</summary>
    public string? ThirdPartyId { get; }

    /// <summary>Target's own id, if the profile was asked for by it.</summary>
    public string? PcId { get; }

    /// <summary>The Experience Cloud id, if the profile was asked for by it.</summary>
    public string? Ecid { get; }

    /// <summary>The id that the service names: of any of the three kinds, and it does not say which (fact 2.4).</summary>
    public string? VisitorId { get; }

    /// <summary>When the profile last changed, in UTC.</summary>
    public DateTime? ModifiedAt { get; }

    /// <summary>Values by attribute name, without <c>profile.</c>; names are case-sensitive, values always text (fact 2.4).</summary>
    public IDictionary<string, string> Attributes { get; }

    /// <summary>When each attribute last changed, in UTC.</summary>
    public IDictionary<string, DateTime> AttributesModifiedAt { get; }

    /// <inheritdoc/>
    public override string ToString() => ThirdPartyId ?? Ecid ?? PcId ?? "";
}
