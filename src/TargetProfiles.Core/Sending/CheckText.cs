namespace TargetProfiles.Sending;

/// <summary>What a check came to, in a sentence.</summary>
public static class CheckText
{
    /// <summary>The sentence.</summary>
    public static string Of(long rows, long errors, long warnings) =>
        $"{CountText.Of(rows, "row")} checked: {CountText.Of(errors, "error")}, {CountText.Of(warnings, "warning")}.";
}
