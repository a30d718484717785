namespace TargetProfiles.Sending.Duplicates;

/// <summary>What becomes of a sound row because of the other rows of its id.</summary>
internal enum RowFate
{
    /// <summary>Nothing; it goes its own way.</summary>
    Alone,

    /// <summary>It is sent, although its id was sent before.</summary>
    Repeats,

    /// <summary>The merged row is sent in its place.</summary>
    Carries,

    /// <summary>Its values stand in the merged row.</summary>
    Merged,
}
