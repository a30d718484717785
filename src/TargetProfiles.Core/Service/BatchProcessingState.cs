namespace TargetProfiles;

/// <summary>What the service made of a batch, as far as it says so.</summary>
public enum BatchProcessingState
{
    /// <summary>Processed; where counts were asked for, without rows that failed or had no profile.</summary>
    Complete,

    /// <summary>Processed, and the counts tell of rows that failed or had no profile.</summary>
    CompleteWithFailures,

    /// <summary>Still being processed.</summary>
    Incomplete,

    /// <summary>The service could not complete it.</summary>
    Stuck,

    /// <summary>The service said something else, or does not know the batch.</summary>
    Unknown,

    /// <summary>
    /// The service does not know the batch any more, as was to be expected: it keeps statuses for a day, and the latest ten
    /// only (inferred, fact 2.2). Says nothing of what became of the rows, and is no failure.
    /// </summary>
    Expired,
}
