namespace TargetProfiles;

/// <summary>What becomes of a row whose id stood in an earlier row of the run.</summary>
public enum DuplicateIdAction
{
    /// <summary>It is sent, and nothing is told.</summary>
    Ignore,

    /// <summary>It is sent, with a warning.</summary>
    Warn,

    /// <summary>It is rejected.</summary>
    Reject,

    /// <summary>Its values are sent with the first row of the id, where the last value of each attribute wins. For files only.</summary>
    Merge,
}
