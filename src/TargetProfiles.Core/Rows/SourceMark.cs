namespace TargetProfiles.Rows;

/// <summary>A place in a source, between two rows.</summary>
/// <param name="Rows">Rows before it.</param>
/// <param name="Position">Bytes before it, in the text as UTF-8 without byte order mark; 0 for rows from the pipeline.</param>
/// <param name="NextLine">Line on which what follows begins; 0 for rows from the pipeline.</param>
/// <param name="SuspectUntil">Byte up to which what follows may be the inside of an open quote.</param>
/// <param name="Sha256">SHA-256 of what lies between the mark before and this one; empty if the whole text is known already.</param>
internal readonly record struct SourceMark(long Rows, long Position, long NextLine, long SuspectUntil, string Sha256);
