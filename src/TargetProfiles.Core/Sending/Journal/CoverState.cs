namespace TargetProfiles.Sending.Journal;

/// <summary>A cover, and what is known of its batch.</summary>
internal sealed class CoverState(CoverRecord record)
{
    private readonly List<OutcomeRecord> _outcomes = [];
    private bool _isBeingSent;

    public CoverRecord Record { get; } = record;

    /// <summary>The last word about the batch, or about each half of it.</summary>
    public IReadOnlyList<OutcomeRecord> Outcomes => _outcomes;

    /// <summary>SHA-256 of the body that was sent; null if none was.</summary>
    public string? Sha256 { get; private set; }

    /// <summary>Rows that no word is known of.</summary>
    public int RestRows => Record.Rows - _outcomes.Sum(outcome => outcome.Rows);

    /// <summary>What became of the rows that no word is known of: nobody knows, if the first byte may have left.</summary>
    public BatchState RestState => _isBeingSent ? BatchState.Uncertain : BatchState.NotSent;

    /// <summary>Rows by what became of them.</summary>
    public IEnumerable<(BatchState State, int Rows)> Rows => _outcomes.Select(outcome => (outcome.State, outcome.Rows)).Append((RestState, RestRows));

    /// <summary>Nothing of it is to be sent any more.</summary>
    public bool IsSettled => Record.Batch == 0 || (RestRows == 0 && _outcomes.TrueForAll(IsFinal));

    /// <summary>What is known of what is yet to be sent.</summary>
    public BatchState StateBefore => _isBeingSent || _outcomes.Exists(outcome => outcome.State == BatchState.Uncertain) ? BatchState.Uncertain : BatchState.NotSent;

    /// <summary>The half that is settled while the other is not; 0 if there is none.</summary>
    public int SettledHalf => IsSettled ? 0 : _outcomes.Find(IsFinal)?.Part ?? 0;

    public void Add(SendingRecord sending)
    {
        if (sending.Part == 0)
            Sha256 = sending.Sha256;
        _outcomes.RemoveAll(outcome => !IsFinal(outcome));
        _isBeingSent = true;
    }

    public void Add(OutcomeRecord outcome)
    {
        _outcomes.RemoveAll(earlier => earlier.Part == outcome.Part || earlier.Part == 0 || outcome.Part == 0);
        _outcomes.Add(outcome);
        _isBeingSent = false;
    }

    /// <summary>True if nothing more is to be done about it.</summary>
    public static bool IsFinal(BatchState state) => state is BatchState.Accepted or BatchState.Refused;

    private static bool IsFinal(OutcomeRecord outcome) => IsFinal(outcome.State);
}
