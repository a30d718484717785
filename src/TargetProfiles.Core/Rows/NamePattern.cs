namespace TargetProfiles.Rows;

/// <summary>Names with <c>*</c> and <c>?</c>, case-insensitive.</summary>
internal static class NamePattern
{
    public static bool IsMatchedBy(string name, IReadOnlyList<string> patterns)
    {
        foreach (var pattern in patterns)
        {
            if (Matches(name, pattern))
                return true;
        }

        return false;
    }

    private static bool Matches(string name, string pattern)
    {
        int n = 0, p = 0, star = -1, retry = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                retry = n;
            }
            else if (p < pattern.Length && (pattern[p] == '?' || char.ToUpperInvariant(pattern[p]) == char.ToUpperInvariant(name[n])))
            {
                p++;
                n++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                n = ++retry;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '*')
            p++;
        return p == pattern.Length;
    }
}
