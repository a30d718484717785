namespace TargetProfiles;

/// <summary>How far the service is with a batch.</summary>
public enum BatchProcessingState
{
    /// <summary>Processed.</summary>
    Complete,

    /// <summary>Still being processed.</summary>
    Incomplete,

    /// <summary>The service could not complete it.</summary>
    Stuck,

    /// <summary>The service said something else, or does not know the batch (any more): statuses live a day at most (fact 2.2).</summary>
    Unknown,
}

/// <summary>What the service says of a batch.</summary>
public sealed class TargetBatchStatus
{
    internal TargetBatchStatus(string batchId, Uri? statusUri, BatchProcessingState state, string rawStatus)
    {
        BatchId = batchId;
        StatusUri = statusUri;
        State = state;
        RawStatus = rawStatus;
    }

    /// <summary>The batch.</summary>
    public string BatchId { get; }

    /// <summary>How far it is.</summary>
    public BatchProcessingState State { get; }

    /// <summary>The service's own word for it.</summary>
    public string RawStatus { get; }

    /// <summary>Rows in the batch.</summary>
    public long? BatchSize { get; internal init; }

    /// <summary>Rows processed; with details only, as are the counts below.</summary>
    public long? ConsumedCount { get; internal init; }

    /// <summary>Profiles updated or created.</summary>
    public long? SuccessfulUpdates { get; internal init; }

    /// <summary>Rows whose profile does not exist; v1 only.</summary>
    public long? ProfilesNotFound { get; internal init; }

    /// <summary>Rows that failed.</summary>
    public long? FailedUpdates { get; internal init; }

    /// <summary>Ids that the service lists as failed; it seldom lists any (fact 2.2).</summary>
    public IReadOnlyList<string> FailedIds { get; internal init; } = [];

    /// <summary>When the batch was submitted, in UTC, where known.</summary>
    public DateTime? SubmittedAt { get; internal init; }

    /// <summary>When this status was asked for, in UTC.</summary>
    public DateTime CheckedAt { get; internal init; }

    /// <summary>Where it was asked for.</summary>
    public Uri? StatusUri { get; }

    /// <summary>True if asking again could give another answer.</summary>
    public bool IsFinal => State is BatchProcessingState.Complete or BatchProcessingState.Stuck;

    /// <inheritdoc/>
    public override string ToString() => $"{BatchId}: {RawStatus}";
}
