namespace TargetProfiles.Emulator;

/// <summary>A batch as it stood when asked.</summary>
public sealed class EmulatedBatch
{
    internal EmulatedBatch()
    {
    }

    /// <summary>Client code, epoch milliseconds and 8 digits, joined by hyphens [documented example].</summary>
    public required string BatchId { get; init; }

    /// <summary>1 or 2: the version of the endpoint that took it.</summary>
    public required int Version { get; init; }

    /// <summary><c>pcId</c> or <c>thirdPartyId</c>.</summary>
    public required string IdType { get; init; }

    /// <summary>When it was accepted, by the emulator's clock.</summary>
    public required DateTimeOffset SubmittedAt { get; init; }

    /// <summary>Data rows in the file; the service's batchSize.</summary>
    public required int Rows { get; init; }

    /// <summary><c>incomplete</c>, <c>complete</c> or <c>stuck</c> [documented].</summary>
    public required string Status { get; init; }

    /// <summary>Whether batchStatus still knows it; see <see cref="EmulatorOptions.StatusRetentionCount"/> and <see cref="EmulatorOptions.StatusRetentionTime"/>.</summary>
    public required bool HasStatus { get; init; }

    /// <summary>Rows processed; rows with empty values only are skipped and not among them (Inferred).</summary>
    public required int ConsumedCount { get; init; }

    /// <summary>Rows applied, those lost by <see cref="EmulatorOptions.LossRate"/> included.</summary>
    public required int SuccessfulUpdates { get; init; }

    /// <summary>Rows of a v1 batch whose profile does not exist.</summary>
    public required int ProfilesNotFound { get; init; }

    /// <summary>Rows whose id cannot be used.</summary>
    public required int FailedUpdates { get; init; }

    /// <summary>The ids of failed rows, at most 10,000.</summary>
    public required IReadOnlyList<string> FailedIds { get; init; }
}
