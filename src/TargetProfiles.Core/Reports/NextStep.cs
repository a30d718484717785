using TargetProfiles.Sending.Journal;

namespace TargetProfiles.Reports;

/// <summary>Something that is to be done, and the commands for it.</summary>
/// <param name="What">What to do.</param>
/// <param name="Why">Why.</param>
/// <param name="PowerShell">The command in PowerShell; null if there is none to paste.</param>
/// <param name="CommandLine">The same on the command line.</param>
internal sealed record NextStep(string What, string Why, string? PowerShell = null, string? CommandLine = null)
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
                $"Send-TargetProfileBatch ... -JournalPath {Quoted(journal.Path)}",
                $"target-profiles send ... --journal-path {Quoted(journal.Path)}");
        }

        if (rows.Rejected > 0)
            yield return Rejected(run);
        foreach (var step in Statuses(run))
            yield return step;
        var file = run.Sources.FirstOrDefault(source => source.Kind == SourceRecord.Csv)?.Name;
        if (journal.IsComplete && file is not null && (run.LastComparison is not { } last || last.Match < last.Asked))
        {
            yield return new(
                run.LastComparison is null ? "Look whether the rows are there" : "Look again at the rows that did not match",
                "A sample of the rows is fetched back and held against what was sent. Wait until the batches are complete; Target may take a day to show a change.",
                $"Compare-TargetProfile -LiteralPath {Quoted(file)} -SampleSize 100 -JournalPath {Quoted(journal.Path)}",
                $"target-profiles compare {Quoted(file)} --sample-size 100 --journal-path {Quoted(journal.Path)}");
        }
    }

    private static NextStep Rejected(RunHistory run)
    {
        if (run.Journal.RejectedPaths.Count == 0)
            return new("Correct the rows that break a rule", "They were not kept in a file. Correct them at their source, or run the nightly job with -RejectedPath.");
        var path = run.Journal.RejectedPaths[run.Journal.RejectedPaths.Count - 1];
        return new(
            "Correct the rows that break a rule, and send that file",
            "Each row stands there with its reason in the last column. Reading drops that column again.",
            $"Send-TargetProfileBatch -LiteralPath {Quoted(path)}",
            $"target-profiles send {Quoted(path)}");
    }

    private static IEnumerable<NextStep> Statuses(RunHistory run)
    {
        var batches = run.Journal.Batches;
        if (run.Rows.Refused > 0 || batches.Any(batch => batch.Status?.State is BatchProcessingState.Stuck or BatchProcessingState.CompleteWithFailures))
        {
            yield return new(
                "Send the rows again that Target refused or could not process",
                "First change what the messages below name. This command writes these rows to a file, which is then sent as any other. Rows that are sent twice do no harm.",
                $"Get-TargetBatchStatus -JournalPath {Quoted(run.Journal.Path)} -FailedPath failed.csv",
                $"target-profiles status --journal-path {Quoted(run.Journal.Path)} --failed-path failed.csv");
        }

        if (batches.Any(batch => batch.State == BatchState.Accepted && batch.BatchId is not null && batch.Status is not { IsFinal: true }))
        {
            yield return new(
                "Ask Target what it made of the batches",
                "Do so within a day of sending: Target does not keep a status longer. Its last word is written into the journal.",
                $"Get-TargetBatchStatus -JournalPath {Quoted(run.Journal.Path)} -Wait -Detailed",
                $"target-profiles status --journal-path {Quoted(run.Journal.Path)} --wait --detailed");
        }
    }

    // As both PowerShell and a POSIX shell take it.
    private static string Quoted(string path) =>
        path.All(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_' or '/' or '\\' or ':') ? path : $"'{path.Replace("'", "''")}'";
}
