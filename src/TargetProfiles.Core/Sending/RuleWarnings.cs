using TargetProfiles.Profiles;

namespace TargetProfiles.Sending;

/// <summary>Counts warnings by rule, so that a run tells each rule once.</summary>
internal sealed class RuleWarnings
{
    private readonly Dictionary<RowRule, (long Count, long Row, string Column)> _byRule = [];

    public void Add(RowRule rule, long row, string column) =>
        _byRule[rule] = _byRule.TryGetValue(rule, out var seen) ? (seen.Count + 1, seen.Row, seen.Column) : (1, row, column);

    /// <summary>A text for each rule that was broken.</summary>
    public IEnumerable<string> Texts() => _byRule.OrderBy(entry => entry.Key.Index).Select(entry => FormattableString.Invariant(
        $"{entry.Value.Count:N0} times, first in row {entry.Value.Row:N0}, column '{entry.Value.Column}': {entry.Key.Requirement} [{entry.Key.Id}]"));
}
