namespace TargetProfiles;

/// <summary>What a row and its profile have to do with each other.</summary>
public enum ComparisonOutcome
{
    /// <summary>The profile holds every value of the row. It may hold more: those are older, or of other sources.</summary>
    Match,

    /// <summary>The profile is there, and lacks a value of the row or has another one.</summary>
    Different,

    /// <summary>There is no such profile, and the time to wait for it is over.</summary>
    Missing,

    /// <summary>There is no such profile yet: it was not waited for, or the comparison ended before the time was over.</summary>
    NotYet,
}
