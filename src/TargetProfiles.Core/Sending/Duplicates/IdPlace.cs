namespace TargetProfiles.Sending.Duplicates;

/// <summary>Where an id stands. Both side by side, so that looking one up is one access to memory.</summary>
/// <param name="Fingerprint">What tells the id from others.</param>
/// <param name="Position">Where it stands among the texts of all files.</param>
internal readonly record struct IdPlace(ulong Fingerprint, long Position) : IComparable<IdPlace>
{
    /// <summary>Bytes that one takes, in memory and in files.</summary>
    public const int Size = 16;

    public int CompareTo(IdPlace other) => Fingerprint.CompareTo(other.Fingerprint);
}
