using TargetProfiles.Sending;
using TargetProfiles.Sending.Journal;

namespace TargetProfiles.Reports;

/// <summary>Something that is to be done, and the commands for it.</summary>
/// <param name="What">What to do.</param>
/// <param name="Why">Why.</param>
/// <param name="Command">The command; null if there is none to paste.</param>
internal sealed record NextStep(string What, string Why, RunCommand? Command = null)
{
    /// <summary>What a run still needs, most important first.</summary>
    public static IEnumerable<NextStep> Of(RunHistory run)
    {
        var journal = run.Journal;
        var rows = run.Rows;
        if (!journal.IsComplete)
        {
            yield return new(
                "Run the same command again, with the same journal",
                "It sends batches without a final outcome first, then the rest. What was accepted is not sent again.",
                RunCommand.Again(journal.Path));
        }

        if (rows.Rejected > 0)
            yield return Rejected(run);
        foreach (var step in Statuses(run))
            yield return step;
        // All of them: rows of one id may stand in several, and were merged.
        var files = run.Sources.Where(source => source.Kind == SourceRecord.Csv).Select(source => source.Path).OfType<string>().ToList();
        if (journal.IsComplete && files.Count > 0 && (run.LastComparison is not { } last || last.Match < last.Asked))
        {
            yield return new(
                run.LastComparison is null ? "Look whether the rows are there" : "Look again at the rows that did not match",
                "A sample of the rows is fetched back and held against what was sent. Wait until the batches are complete; Target may take a day to show a change.",
                RunCommand.Compare(journal.Settings, files, 100, journal.Path));
        }
    }

    private static NextStep Rejected(RunHistory run)
    {
        if (run.Journal.RejectedPaths.Count == 0)
            return new("Correct the rows that break a rule", "They were not kept in a file. Correct them at their source, or run the nightly job with -RejectedPath.");
        var path = run.Journal.RejectedPaths[run.Journal.RejectedPaths.Count - 1];
        var delimiter = run.RejectsFiles.LastOrDefault(file => file.Path == path)?.Delimiter;
        return new(
            "Correct the rows that break a rule, and send that file",
            "Each row stands there with its reason in the last column. Reading drops that column again.",
            RunCommand.Send(run.Journal.Settings, [path], delimiter is char known ? [known] : null));
    }

    private static IEnumerable<NextStep> Statuses(RunHistory run)
    {
        var batches = run.Journal.Batches;
        if (run.Rows.Refused > 0 || batches.Any(batch => batch.Status?.State is BatchProcessingState.Stuck or BatchProcessingState.CompleteWithFailures))
        {
            yield return new(
                "Send the rows again that Target refused or could not process",
                "First change what the messages below name. This command writes these rows to a file, which is then sent as any other. Rows that are sent twice do no harm.",
                RunCommand.Status(run.Journal.Path).WithPath("-FailedPath", "failed.csv"));
        }

        if (batches.Any(batch => batch.State == BatchState.Accepted && batch.BatchId is not null && batch.Status is not { IsFinal: true }))
        {
            yield return new(
                "Ask Target what it made of the batches",
                "Do so within a day of sending: Target does not keep a status longer. Its last word is written into the journal.",
                RunCommand.Status(run.Journal.Path).With("-Wait").With("-Detailed"));
        }
    }
}
