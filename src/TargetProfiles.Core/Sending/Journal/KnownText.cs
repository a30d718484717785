namespace TargetProfiles.Sending.Journal;

/// <summary>What is known of a text before its rows are sent, since all of it was read for its ids.</summary>
/// <param name="Sha256">SHA-256 of the text.</param>
/// <param name="Whole">SHA-256 of that hash, or of those of all texts whose rows may be merged with its.</param>
internal sealed record KnownText(string Sha256, string Whole);
