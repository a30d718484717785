namespace TargetProfiles;

/// <summary>A count with its noun: 1 row, 2 rows.</summary>
public static class CountText
{
    /// <summary>The count in words.</summary>
    /// <param name="count">How many.</param>
    /// <param name="one">What one of them is called, or what is said of one.</param>
    /// <param name="many">The same for several; by default with an s, or es after ch.</param>
    public static string Of(long count, string one, string? many = null)
    {
        if (one is null)
            throw new ArgumentNullException(nameof(one));
        return FormattableString.Invariant($"{count:N0} {(count == 1 ? one : many ?? one + (one.EndsWith("ch", StringComparison.Ordinal) ? "es" : "s"))}");
    }
}
