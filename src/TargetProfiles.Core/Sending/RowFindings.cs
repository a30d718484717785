using TargetProfiles.Profiles;

namespace TargetProfiles.Sending;

/// <summary>Tells what is wrong with rows: each finding for a check, the first errors and then counts for a run.</summary>
internal sealed class RowFindings(bool tellsEvery, bool hasRejectedFile, Action<RunMessage> tell)
{
    /// <summary>Errors told one by one: enough to see what is wrong, too few to drown in.</summary>
    private const int ToldOneByOne = 20;

    private readonly Dictionary<RowRule, long> _untold = [];
    private readonly Dictionary<RowRule, (long Count, long Row, string Column, string Text)> _warnings = [];
    private readonly long[] _errorsByRule = new long[RowRule.All.Count];
    private long _errors;
    private long _damaged;

    public void AddError(string? source, long row, long? line, string? column, RowRule rule, string text)
    {
        _errors++;
        _errorsByRule[rule.Index]++;
        if (ReferenceEquals(rule, RowRule.TextDamaged))
            _damaged++;
        if (tellsEvery || (!hasRejectedFile && _errors <= ToldOneByOne))
            tell(new RunMessage.RowFound(new TargetRowFinding(source, row, line, column, rule, text)));
        else
            _untold[rule] = _untold.TryGetValue(rule, out var before) ? before + 1 : 1;
    }

    /// <summary>Errors so far, by <see cref="RowRule.Index"/>.</summary>
    public IReadOnlyList<long> CountByRule() => (long[])_errorsByRule.Clone();

    public void AddWarning(string? source, long row, long? line, string column, RowRule rule, string? text = null)
    {
        text ??= rule.Requirement;
        if (tellsEvery)
            tell(new RunMessage.RowFound(new TargetRowFinding(source, row, line, column, rule, text, RuleSeverity.Warning)));
        else
            _warnings[rule] = _warnings.TryGetValue(rule, out var seen) ? (seen.Count + 1, seen.Row, seen.Column, seen.Text) : (1, row, column, text);
    }

    /// <summary>Tells what was only counted so far.</summary>
    /// <param name="rejectedFiles">Where the rejected rows stand, if they were written.</param>
    public void TellRest(IReadOnlyList<string> rejectedFiles)
    {
        if (_untold.Count > 0)
        {
            var byRule = string.Join(", ", _untold.OrderByDescending(entry => entry.Value).Select(entry => FormattableString.Invariant($"{entry.Key.Id}: {entry.Value:N0}")));
            var count = _untold.Values.Sum();
            Warn(rejectedFiles.Count == 0
                ? $"{CountText.Of(count, "more row was", "more rows were")} rejected ({byRule}). With -RejectedPath, rejected rows are written to a file."
                : $"{CountText.Of(count, "row was", "rows were")} rejected ({byRule}), and written to {string.Join(" and ", rejectedFiles)} with the reason in the last column. Correct what is wrong there, and send that file.");
        }

        foreach (var entry in _warnings.OrderBy(entry => entry.Key.Index))
        {
            var (times, row, column, text) = entry.Value;
            var where = FormattableString.Invariant($"row {row:N0}, column '{column}'");
            Warn(times == 1 ? $"In {where}: {text} [{entry.Key.Id}]" : FormattableString.Invariant($"{times:N0} times, first in {where}: {text} [{entry.Key.Id}]"));
        }
    }

    /// <summary>Tells a file that was read in the wrong encoding, before part of it is sent.</summary>
    /// <returns>What to tell the user, or null if the rows are sound enough.</returns>
    public string? Damage(long read) => _damaged < ToldOneByOne || _damaged * 10 < read
        ? null
        : FormattableString.Invariant($"{_damaged:N0} of the first {read:N0} rows hold damaged text, so the encoding is most likely wrong. Nothing was sent. ") +
            "Give the encoding, for example -Encoding windows-1252.";

    private void Warn(string text) => tell(new RunMessage.Warning(text));
}
