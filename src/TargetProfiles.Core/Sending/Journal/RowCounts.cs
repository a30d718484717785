namespace TargetProfiles.Sending.Journal;

/// <summary>What became of rows before any batch leaves.</summary>
internal readonly record struct RowCounts(long Read, long Rejected, long Empty, long Merged);
