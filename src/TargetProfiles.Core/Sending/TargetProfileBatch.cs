namespace TargetProfiles;

/// <summary>A batch of a run and what became of it.</summary>
public sealed class TargetProfileBatch
{
    internal TargetProfileBatch(int number, BatchState state, long firstRow, long lastRow, int rows, long bytes)
    {
        Number = number;
        State = state;
        FirstRow = firstRow;
        LastRow = lastRow;
        Rows = rows;
        Bytes = bytes;
    }

    /// <summary>Position in the run, from 1.</summary>
    public int Number { get; }

    /// <summary>1 or 2 for a half of a batch that was too large for the service (413) and went in halves; 0 for a whole one.</summary>
    public int Part { get; internal init; }

    /// <summary>What became of it.</summary>
    public BatchState State { get; }

    /// <summary>The service's id for it; null if it was not accepted.</summary>
    public string? BatchId { get; internal init; }

    /// <summary>Where its status can be asked for; null if it was not accepted.</summary>
    public Uri? StatusUri { get; internal init; }

    /// <summary>Rows in it.</summary>
    public int Rows { get; }

    /// <summary>Bytes of its body.</summary>
    public long Bytes { get; }

    /// <summary>Number of its first row in the source; for a half, of the whole batch's first row.</summary>
    public long FirstRow { get; }

    /// <summary>Number of its last row in the source; for a half, of the whole batch's last row. Rejected and empty rows between the two are not in it.</summary>
    public long LastRow { get; }

    /// <summary>SHA-256 of the body, in lower-case hexadecimal.</summary>
    public string? Sha256 { get; internal init; }

    /// <summary>Version of the bulk API it was sent to.</summary>
    public ProfileApiVersion ApiVersion { get; internal init; }

    /// <summary>When the service took it, in UTC; null if it did not.</summary>
    public DateTime? SubmittedAt { get; internal init; }

    /// <summary>Times it was sent.</summary>
    public int Attempts { get; internal init; }

    /// <summary>Why it was not accepted; null if it was.</summary>
    public string? Message { get; internal init; }

    /// <summary>The journal that records it; null without one.</summary>
    public string? JournalPath { get; internal set; }

    /// <summary>What the service made of it, as the journal has it; null if that is not known yet.</summary>
    public BatchProcessingState? Outcome => Status?.State;

    /// <summary>The status behind <see cref="Outcome"/>; null if it is not known yet.</summary>
    public TargetBatchStatus? Status { get; internal init; }

    /// <summary>The failure behind <see cref="Message"/>.</summary>
    internal TargetServiceException? Failure { get; init; }

    /// <summary>The service said that it is too large.</summary>
    internal bool IsTooLarge => State == BatchState.Refused && Failure is { StatusCode: 413 };

    /// <inheritdoc/>
    public override string ToString() => BatchId ?? $"batch {Number}: {State}";
}
