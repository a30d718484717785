namespace TargetProfiles.Sending.Duplicates;

/// <summary>Where an id stands.</summary>
/// <param name="Fingerprint">What tells the id from others.</param>
/// <param name="Position">Where it stands among the texts of all files.</param>
internal readonly record struct IdPlace(ulong Fingerprint, long Position);
