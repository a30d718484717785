namespace TargetProfiles.Sending.Journal;

/// <summary>What a journal says, taken together.</summary>
internal sealed class JournalContent
{
    private readonly Dictionary<int, CoverState> _byBatch = [];

    /// <summary>The command that began it; null if there is none yet.</summary>
    public RunRecord? Run { get; private set; }

    public List<SourceRecord> Sources { get; } = [];

    /// <summary>Rows of the sources that were read to their end.</summary>
    public Dictionary<int, long> SourceEnds { get; } = [];

    /// <summary>In the order of the rows.</summary>
    public List<CoverState> Covers { get; } = [];

    /// <summary>The last file of rejected rows; null if there is none.</summary>
    public RejectsRecord? Rejects { get; private set; }

    /// <summary>What was learnt by fetching profiles, in the order of time.</summary>
    public List<ComparedRecord> Comparisons { get; } = [];

    /// <summary>The last word of the service about each accepted batch, by its id.</summary>
    public Dictionary<string, StatusRecord> Statuses { get; } = new(StringComparer.Ordinal);

    /// <summary>When the last command ended in order; null if it did not, or has not yet.</summary>
    public EndRecord? End { get; private set; }

    /// <summary>Every source was read to its end, and every batch has a final outcome.</summary>
    public bool IsComplete => End?.IsComplete == true;

    /// <exception cref="FormatException">The records contradict each other.</exception>
    public static JournalContent Of(IEnumerable<JournalRecord> records)
    {
        var content = new JournalContent();
        foreach (var record in records)
            content.Add(record);
        return content;
    }

    public IEnumerable<(CoverState Cover, CoveredRange Range)> RangesOf(int source) =>
        Covers.SelectMany(cover => cover.Record.Ranges.Where(range => range.Source == source).Select(range => (cover, range)));

    /// <summary>Accepted batches that have an id of the service's.</summary>
    public IEnumerable<OutcomeRecord> Accepted =>
        Covers.SelectMany(cover => cover.Outcomes).Where(outcome => outcome.State == BatchState.Accepted && outcome.BatchId is not null);

    private void Add(JournalRecord record)
    {
        // What is learnt afterwards changes nothing about how the run ended.
        switch (record)
        {
            case StatusRecord status:
                Statuses[status.BatchId] = status;
                return;
            case ComparedRecord compared:
                Comparisons.Add(compared);
                return;
        }

        End = record as EndRecord;
        switch (record)
        {
            case RunRecord run:
                Run ??= run;
                break;
            case SourceRecord source:
                Sources.Add(source);
                break;
            case SourceEndRecord ended:
                SourceEnds[ended.Source] = ended.Rows;
                break;
            case CoverRecord cover:
                var state = new CoverState(cover);
                Covers.Add(state);
                if (cover.Batch > 0)
                    _byBatch[cover.Batch] = state;
                break;
            case RejectsRecord rejects:
                Rejects = rejects;
                break;
            case SendingRecord sending:
                Batch(sending.Batch).Add(sending);
                break;
            case OutcomeRecord outcome:
                Batch(outcome.Batch).Add(outcome);
                break;
        }
    }

    private CoverState Batch(int number) =>
        _byBatch.TryGetValue(number, out var cover) ? cover : throw new FormatException($"batch {number} has no cover");
}
