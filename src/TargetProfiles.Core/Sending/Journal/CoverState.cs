namespace TargetProfiles.Sending.Journal;

/// <summary>A cover, and what is known of its batch.</summary>
internal sealed class CoverState(CoverRecord record)
{
    public CoverRecord Record { get; } = record;

    /// <summary>The last word about the batch; null if there is none.</summary>
    public OutcomeRecord? Outcome { get; private set; }

    /// <summary>What became of the batch. Without a word after its first byte may have left, nobody knows.</summary>
    public BatchState State { get; private set; } = BatchState.NotSent;

    /// <summary>Nothing of it is to be sent any more.</summary>
    public bool IsSettled => Record.Batch == 0 || State is BatchState.Accepted or BatchState.Refused;

    /// <summary>SHA-256 of the body that was sent; null if none was.</summary>
    public string? Sha256 { get; private set; }

    public void Add(SendingRecord sending)
    {
        Outcome = null;
        Sha256 = sending.Sha256;
        State = BatchState.Uncertain;
    }

    public void Add(OutcomeRecord outcome)
    {
        Outcome = outcome;
        State = outcome.State;
    }
}
