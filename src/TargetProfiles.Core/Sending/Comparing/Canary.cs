using TargetProfiles.Sending.Journal;

namespace TargetProfiles.Sending.Comparing;

/// <summary>The first batch of a run, whose rows must have arrived before any other batch leaves.</summary>
internal sealed class Canary
{
    /// <summary>Its number in the run.</summary>
    public const int BatchNumber = 1;

    private readonly List<ExpectedProfile> _rows = [];
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly List<TargetProfileBatch> _batches = [];

    /// <summary>What its rows are to bring, each id once.</summary>
    public IReadOnlyList<ExpectedProfile> Rows => _rows;

    /// <summary>The batch, or its halves if it was too large, as far as they have an outcome.</summary>
    public IReadOnlyList<TargetProfileBatch> Batches => _batches;

    /// <summary>True while rows that are packed belong to it.</summary>
    public bool IsOpen { get; private set; } = true;

    /// <summary>True while it was sent, and it is not known whether it arrived.</summary>
    public bool IsAwaited { get; set; }

    /// <summary>True once it has arrived.</summary>
    public bool IsOver { get; set; }

    /// <summary>True if an earlier command of the journal saw it arrive.</summary>
    public static bool HasArrived(JournalContent? earlier) =>
        earlier?.Comparisons.Exists(compared => compared.Batch == BatchNumber && compared.IsMatch) == true;

    /// <summary>Takes a row that was packed.</summary>
    public void Take(Func<ExpectedProfile> read)
    {
        if (!IsOpen)
            return;
        var row = read();
        // Only where duplicates are sent as they are: the emulator, and so we, take the last value.
        if (_places.TryGetValue(row.Id, out var place))
        {
            _rows[place] = row.Over(_rows[place]);
            return;
        }

        _places.Add(row.Id, _rows.Count);
        _rows.Add(row);
    }

    /// <summary>Takes the outcome of its batch, or of a half of it.</summary>
    public void Take(TargetProfileBatch batch)
    {
        if (batch.Number == BatchNumber)
            _batches.Add(batch);
    }

    /// <summary>Its batch was sealed: further rows are others'.</summary>
    public void Close() => IsOpen = false;

    /// <summary>Its batch is one that an earlier command sent, in whole or in part.</summary>
    public void Close(CoverState earlier)
    {
        Close();
        foreach (var outcome in earlier.Outcomes.Where(outcome => CoverState.IsFinal(outcome.State)))
        {
            _batches.Add(new TargetProfileBatch(outcome.Batch, outcome.State, earlier.Record.FirstRow, earlier.Record.LastRow, outcome.Rows, outcome.Bytes)
            {
                BatchId = outcome.BatchId,
                StatusUri = Uri.TryCreate(outcome.StatusUri, UriKind.Absolute, out var statusUri) ? statusUri : null,
                SubmittedAt = outcome.At,
                Message = outcome.Message,
            });
        }
    }
}
