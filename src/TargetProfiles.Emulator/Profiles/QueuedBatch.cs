namespace TargetProfiles.Emulator.Profiles;

/// <summary>A batch from its acceptance on, and what has become of it.</summary>
internal sealed class QueuedBatch(string batchId, int version, BatchFile file, DateTimeOffset submittedAt, DateTimeOffset due, bool stuck)
{
    private const int MostFailedIds = 10_000;

    public string BatchId { get; } = batchId;

    /// <summary>Running number, which repeats from run to run as the id with its time does not.</summary>
    public required long Number { get; init; }

    public int Version { get; } = version;

    public string IdType { get; } = file.IdType;

    public int Rows { get; } = file.Rows;

    /// <summary>The file; let go of once processed, unless its rows must be listed.</summary>
    public BatchFile? File { get; set; } = file;

    public DateTimeOffset SubmittedAt { get; } = submittedAt;

    public DateTimeOffset Due { get; } = due;

    public bool Stuck { get; } = stuck;

    public string Status { get; set; } = "incomplete";

    public int Consumed { get; set; }

    public int Successful { get; set; }

    public int NotFound { get; set; }

    public int Failed { get; private set; }

    public List<string> FailedIds { get; } = [];

    /// <summary>Every row's id and outcome, kept only if asked for at submit.</summary>
    public List<KeyValuePair<string, string>>? Listing { get; init; }

    public void AddFailed(string id)
    {
        Failed++;
        if (FailedIds.Count < MostFailedIds)
        {
            FailedIds.Add(id);
        }
    }

    public EmulatedBatch Snapshot(bool hasStatus) => new()
    {
        BatchId = BatchId,
        Version = Version,
        IdType = IdType,
        SubmittedAt = SubmittedAt,
        Rows = Rows,
        Status = Status,
        HasStatus = hasStatus,
        ConsumedCount = Consumed,
        SuccessfulUpdates = Successful,
        ProfilesNotFound = NotFound,
        FailedUpdates = Failed,
        FailedIds = FailedIds.ToArray(),
    };
}
