namespace TargetProfiles.Profiles;

/// <summary>Which rules a run applies.</summary>
internal sealed class RuleSet
{
    private readonly bool[] _isExcluded = new bool[RowRule.All.Count];

    /// <exception cref="ArgumentException">A rule is unknown, or cannot be turned off.</exception>
    public RuleSet(IEnumerable<string> excluded)
    {
        foreach (var id in excluded)
        {
            var rule = RowRule.All.FirstOrDefault(known => string.Equals(known.Id, id, StringComparison.OrdinalIgnoreCase))
                ?? throw new ArgumentException($"There is no rule '{Service.ReplyText.Shown(id)}'. -ExcludeRule takes {Excludable()}.");
            if (!rule.CanBeExcluded)
                throw new ArgumentException($"The rule {rule.Id} cannot be turned off: such a row could not be sent, or not rightly. -ExcludeRule takes {Excludable()}.");
            _isExcluded[rule.Index] = true;
        }
    }

    public bool Applies(RowRule rule) => !_isExcluded[rule.Index];

    private static string Excludable() => string.Join(", ", RowRule.All.Where(rule => rule.CanBeExcluded).Select(rule => rule.Id));
}
