namespace TargetProfiles.Sending.Journal;

/// <summary>What became of rows before any batch leaves.</summary>
/// <param name="Read">Rows read.</param>
/// <param name="Rejected">Rows that break a rule.</param>
/// <param name="Empty">Rows without values.</param>
/// <param name="Merged">Rows merged into another one.</param>
/// <param name="ByRule">The rejected ones by <see cref="Profiles.RowRule.Index"/>.</param>
internal readonly record struct RowCounts(long Read, long Rejected, long Empty, long Merged, IReadOnlyList<long> ByRule);
