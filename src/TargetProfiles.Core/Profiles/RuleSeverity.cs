namespace TargetProfiles;

/// <summary>What breaking a rule means for the row.</summary>
public enum RuleSeverity
{
    /// <summary>The row is sent; the run counts how often the rule was broken.</summary>
    Warning,

    /// <summary>The row is rejected.</summary>
    Error,
}
