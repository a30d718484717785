using TargetProfiles.Sending.Journal;

namespace TargetProfiles.Reports;

/// <summary>What a journal tells of a run, as a report needs it: with every try, not only the last word.</summary>
internal sealed class RunHistory
{
    private RunHistory(string path, JournalContent content, IReadOnlyList<JournalRecord> records)
    {
        Journal = new TargetProfileJournal(path, content);
        Tool = content.Run?.Tool ?? "";
        Sources = content.Sources;
        SourceEnds = content.SourceEnds;
        Comparisons = content.Comparisons;
        Outcomes = [.. records.OfType<OutcomeRecord>()];
        RejectsFiles = [.. records.OfType<RejectsRecord>()];
        RejectedByRule = [.. content.Covers.SelectMany(cover => cover.Record.RejectedByRule)
            .GroupBy(count => count.Rule, count => count.Rows, (rule, rows) => (rule, rows.Sum()))
            .OrderByDescending(count => count.Item2).ThenBy(count => count.rule, StringComparer.Ordinal)];
        AddCommands(records);
    }

    public TargetProfileJournal Journal { get; }

    public RunAccounting Rows => Journal.Accounting;

    /// <summary>Name and version of what began the run.</summary>
    public string Tool { get; }

    public IReadOnlyList<SourceRecord> Sources { get; }

    /// <summary>Rows of the sources that were read to their end, by number.</summary>
    public IReadOnlyDictionary<int, long> SourceEnds { get; }

    /// <summary>The commands that worked on the run, in order.</summary>
    public List<CommandSpan> Commands { get; } = [];

    /// <summary>What became of each try to send a batch, in order; a batch may stand here more than once.</summary>
    public IReadOnlyList<OutcomeRecord> Outcomes { get; }

    /// <summary>Batches that were being sent when a command was interrupted.</summary>
    public int Interrupted { get; private set; }

    public IReadOnlyList<(string Rule, long Rows)> RejectedByRule { get; }

    /// <summary>The files of rejected rows that were begun, in order.</summary>
    public IReadOnlyList<RejectsRecord> RejectsFiles { get; }

    public IReadOnlyList<ComparedRecord> Comparisons { get; }

    public ComparedRecord? LastComparison => Comparisons.Count == 0 ? null : Comparisons[Comparisons.Count - 1];

    /// <summary>When the first command began; the journal is not empty.</summary>
    public DateTime StartedAt => Commands[0].StartedAt;

    /// <summary>When something was recorded last.</summary>
    public DateTime LastAt => Commands.Max(command => command.LastAt);

    /// <summary>Times that a batch left for the service.</summary>
    public long Tries => Outcomes.Sum(outcome => (long)outcome.Attempts) + Interrupted;

    /// <summary>Batches that were sent more than once, or met a fault.</summary>
    public int BatchesWithFaults => Outcomes.Where(outcome => outcome.Attempts > 1 || outcome.State != BatchState.Accepted).Select(outcome => outcome.Batch).Distinct().Count();

    /// <exception cref="JournalException">The journal is damaged, or no journal.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static RunHistory Read(string path) => new(path, JournalFile.Read(path, out var records), records);

    private void AddCommands(IReadOnlyList<JournalRecord> records)
    {
        var beingSent = new HashSet<(int, int)>();
        foreach (var record in records)
        {
            var command = Commands.LastOrDefault();
            switch (record)
            {
                case RunRecord run:
                    Interrupted += beingSent.Count;
                    beingSent.Clear();
                    Commands.Add(new CommandSpan(run.At));
                    break;
                case SendingRecord sending:
                    beingSent.Add((sending.Batch, sending.Part));
                    break;
                case OutcomeRecord outcome:
                    beingSent.RemoveWhere(sent => sent.Item1 == outcome.Batch && (outcome.Part == 0 || sent.Item2 is 0 || sent.Item2 == outcome.Part));
                    command?.Record(outcome.At);
                    break;
                case EndRecord end:
                    command?.End(end.At);
                    break;
            }
        }

        Interrupted += beingSent.Count;
    }
}
