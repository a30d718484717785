namespace TargetProfiles;

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

    /// <summary>How far it is, and how it ended.</summary>
    public BatchProcessingState State { get; private set; }

    /// <summary>The service's own word for it.</summary>
    public string RawStatus { get; }

    /// <summary>Rows that were sent in it, by the journal or the sender; null where neither is known.</summary>
    public long? Rows { get; internal set; }

    /// <summary>Rows in the batch, as the service counts them.</summary>
    public long? BatchSize { get; internal init; }

    /// <summary>Rows processed; with details only, as are the counts below.</summary>
    public long? ConsumedCount { get; internal init; }

    /// <summary>Profiles updated or created.</summary>
    public long? SuccessfulUpdates { get; internal init; }

    /// <summary>Rows whose profile does not exist; v1 only.</summary>
    public long? ProfilesNotFound { get; internal init; }

    /// <summary>Rows that failed.</summary>
    public long? FailedUpdates { get; internal init; }

    /// <summary>
    /// Rows that were sent and that no count of a processed batch holds: not as updated, not as without a profile, not as
    /// failed. Null where the counts or the rows are not known. The service owns to 0.1 % of large batches (fact 1.31).
    /// </summary>
    public long? LostRows => Rows is long sent && State is BatchProcessingState.Complete or BatchProcessingState.CompleteWithFailures && CountedRows is long counted
        ? Math.Max(0, sent - counted)
        : null;

    /// <summary>Ids that the service lists as failed; it seldom lists any (fact 2.2).</summary>
    public IReadOnlyList<string> FailedIds { get; internal init; } = [];

    /// <summary>When the batch was submitted, in UTC, where known.</summary>
    public DateTime? SubmittedAt { get; internal init; }

    /// <summary>When this status was asked for, in UTC.</summary>
    public DateTime CheckedAt { get; internal init; }

    /// <summary>Where it was asked for.</summary>
    public Uri? StatusUri { get; }

    /// <summary>True if asking again would not give another answer.</summary>
    public bool IsFinal => State is BatchProcessingState.Complete or BatchProcessingState.CompleteWithFailures or BatchProcessingState.Stuck or BatchProcessingState.Expired;

    // Without details, the size is all that there is.
    private long? CountedRows => SuccessfulUpdates is long updated ? updated + (ProfilesNotFound ?? 0) + (FailedUpdates ?? FailedIds.Count) : BatchSize;

    /// <inheritdoc/>
    public override string ToString() => $"{BatchId}: {(State == BatchProcessingState.Expired ? "expired" : RawStatus)}";

    /// <summary>The same answer, of a batch that the service need not know any more.</summary>
    internal TargetBatchStatus AsExpired()
    {
        var expired = (TargetBatchStatus)MemberwiseClone();
        expired.State = BatchProcessingState.Expired;
        return expired;
    }
}
