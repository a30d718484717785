namespace TargetProfiles;

/// <summary>Versions of the bulk API (fact 1.32).</summary>
public enum ProfileApiVersion
{
    /// <summary>Updates profiles that exist; others are counted as not found.</summary>
    V1 = 1,

    /// <summary>Updates profiles and creates those that do not exist.</summary>
    V2 = 2,
}
