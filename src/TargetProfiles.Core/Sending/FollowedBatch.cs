namespace TargetProfiles.Sending;

/// <summary>A batch to ask the service for.</summary>
/// <param name="BatchId">The service's id for it.</param>
public sealed record FollowedBatch(string BatchId)
{
    /// <summary>Where to ask; null asks where the connection knows.</summary>
    public Uri? StatusUri { get; init; }

    /// <summary>When it was submitted, in UTC, where known.</summary>
    public DateTime? SubmittedAt { get; init; }

    /// <summary>Rows that were sent in it, where known; its counts are held against them.</summary>
    public long? Rows { get; init; }

    /// <summary>The journal that records it, and is to record its final status; null if none does.</summary>
    public string? JournalPath { get; init; }

    /// <summary>An accepted batch of a run.</summary>
    public static FollowedBatch Of(TargetProfileBatch batch)
    {
        if (batch is null)
            throw new ArgumentNullException(nameof(batch));
        return new FollowedBatch(batch.BatchId ?? throw new ArgumentException("A batch without an id has no status.", nameof(batch)))
        {
            StatusUri = batch.StatusUri,
            SubmittedAt = batch.SubmittedAt,
            Rows = batch.Rows,
            JournalPath = batch.JournalPath,
        };
    }
}
