namespace TargetProfiles.Profiles;

/// <summary>What a profile attribute may be called (facts 1.23 to 1.26).</summary>
internal static class AttributeName
{
    public static RowRule? Check(string name, RuleSet rules)
    {
        if (string.IsNullOrWhiteSpace(name))
            return RowRule.NameBlank;
        if (name.Length > ServiceLimits.MaxAttributeNameLength)
            return RowRule.NameTooLong;
        if (rules.Applies(RowRule.NameReserved) && IsReserved(name))
            return RowRule.NameReserved;
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            if (c == '\uFFFD' || char.IsLowSurrogate(c) || (char.IsHighSurrogate(c) && !(i + 1 < name.Length && char.IsLowSurrogate(name[i + 1]))))
                return RowRule.NameDamaged;
            if (char.IsHighSurrogate(c))
                i++;
        }

        return null;
    }

    // Script attributes and Recommendations write there (fact 1.25).
    private static bool IsReserved(string name) =>
        name.StartsWith("user.", StringComparison.OrdinalIgnoreCase) || name.StartsWith("entity.", StringComparison.OrdinalIgnoreCase);
}
