namespace TargetProfiles;

/// <summary>A single update that the service took. It says so even for a profile that does not exist (fact 2.3).</summary>
public sealed class TargetProfileUpdate
{
    internal TargetProfileUpdate(ProfileUpdate update, DateTime submittedAt)
    {
        ThirdPartyId = update.IdType == ProfileIdType.ThirdPartyId ? update.Id : null;
        PcId = update.IdType == ProfileIdType.PcId ? update.Id : null;
        AttributeCount = update.AttributeCount;
        Bytes = update.Length;
        SubmittedAt = submittedAt;
    }

    /// <summary>The customer's own id, if the update was keyed by it.</summary>
    public string? ThirdPartyId { get; }

    /// <summary>Target's own id, if the update was keyed by it.</summary>
    public string? PcId { get; }

    /// <summary>Attributes that were sent.</summary>
    public int AttributeCount { get; }

    /// <summary>Bytes of the form.</summary>
    public int Bytes { get; }

    /// <summary>When the service took it, in UTC.</summary>
    public DateTime SubmittedAt { get; }

    /// <inheritdoc/>
    public override string ToString() => ThirdPartyId ?? PcId ?? "";
}
