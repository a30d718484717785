using TargetProfiles.Profiles;

namespace TargetProfiles.Sending;

/// <summary>Tells the first rejected rows one by one, and counts the others.</summary>
internal sealed class RejectedRows(Action<RunMessage> tell)
{
    /// <summary>Rows told one by one: enough to see what is wrong, too few to drown in.</summary>
    private const int ToldOneByOne = 20;

    private readonly Dictionary<string, long> _untold = new(StringComparer.Ordinal);
    private long _count;
    private long _damaged;

    public void Add(string? source, long row, long? line, string? column, RowRule rule)
    {
        if (ReferenceEquals(rule, RowRule.TextDamaged))
            _damaged++;
        if (++_count <= ToldOneByOne)
        {
            tell(new RunMessage.RowRejected(new RowFinding(source, row, line, column, rule.Id, rule.Requirement)));
            return;
        }

        _untold.TryGetValue(rule.Id, out var before);
        _untold[rule.Id] = before + 1;
    }

    /// <summary>Tells how many more there were.</summary>
    public void TellRest()
    {
        if (_count <= ToldOneByOne)
            return;
        var byRule = string.Join(", ", _untold.OrderByDescending(pair => pair.Value).Select(pair => FormattableString.Invariant($"{pair.Key}: {pair.Value:N0}")));
        tell(new RunMessage.Warning(FormattableString.Invariant($"{_count - ToldOneByOne:N0} more rows were rejected ({byRule}).")));
    }

    /// <summary>Tells a file that was read in the wrong encoding, before part of it is sent.</summary>
    /// <returns>What to tell the user, or null if the rows are sound enough.</returns>
    public string? Damage(long read) => _damaged < ToldOneByOne || _damaged * 10 < read
        ? null
        : FormattableString.Invariant($"{_damaged:N0} of the first {read:N0} rows hold damaged text, so the encoding is most likely wrong. Nothing was sent. ") +
            "Give the encoding, for example -Encoding windows-1252.";
}
