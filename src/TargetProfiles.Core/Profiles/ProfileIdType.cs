namespace TargetProfiles;

/// <summary>The kinds of visitor id that a batch can be keyed by. ECIDs can be fetched by, not sent by (service fact 1.3).</summary>
public enum ProfileIdType
{
    /// <summary>The customer's own id for the visitor, <c>mbox3rdPartyId</c> elsewhere in Target.</summary>
    ThirdPartyId,

    /// <summary>Target's own id for the visitor, also called tntId.</summary>
    PcId,
}
