using TargetProfiles.Batches;

namespace TargetProfiles;

/// <summary>An id to fetch a profile by.</summary>
public sealed class ProfileKey
{
    private ProfileKey(string prefix, string id, string kind)
    {
        if (string.IsNullOrWhiteSpace(id))
            throw new ArgumentException($"The {kind} is blank.");
        // A URL treats these as "here" and "one up", encoded or not.
        if (id is "." or "..")
            throw new ArgumentException($"The {kind} '{id}' cannot stand in an address: it would lead to another one.");
        Path = prefix + PercentEncoder.Encode(id);
    }

    /// <summary>The customer's own id, if it is that.</summary>
    public string? ThirdPartyId { get; private init; }

    /// <summary>Target's own id, if it is that.</summary>
    public string? PcId { get; private init; }

    /// <summary>The Experience Cloud id, if it is that.</summary>
    public string? Ecid { get; private init; }

    /// <summary>Path below <c>rest/v1/profiles/</c>.</summary>
    internal string Path { get; }

    /// <summary>A key by the customer's own id.</summary>
    /// <exception cref="ArgumentException">The id is blank, or cannot stand in an address.</exception>
    public static ProfileKey ByThirdPartyId(string id) => new("thirdPartyId/", id, "thirdPartyId") { ThirdPartyId = id };

    /// <summary>A key by Target's own id, with or without location hint.</summary>
    /// <exception cref="ArgumentException">The id is blank, or cannot stand in an address.</exception>
    public static ProfileKey ByPcId(string id) => new("", id, "pcId") { PcId = id };

    /// <summary>A key by the Experience Cloud id.</summary>
    /// <exception cref="ArgumentException">The id is blank, or cannot stand in an address.</exception>
    public static ProfileKey ByEcid(string id) => new("marketingCloudVisitorId/", id, "ECID") { Ecid = id };

    /// <inheritdoc/>
    public override string ToString() => ThirdPartyId ?? PcId ?? Ecid!;
}
