using TargetProfiles.Sending;

namespace TargetProfiles.Reports;

/// <summary>How a run stands, in one line for those who read no further.</summary>
internal readonly record struct Verdict(string Level, string Headline, string Explanation)
{
    public static Verdict Of(RunHistory run)
    {
        var rows = run.Rows;
        var accepted = $"{Html.Number(rows.Accepted)} of {CountText.Of(rows.Read, "row")} ({Html.Percent(rows.Accepted, rows.Read)}) {(rows.Accepted == 1 ? "is" : "are")} in Target's queue or processed.";
        var notProcessed = run.Journal.Batches.Count(batch => batch.Status?.State is BatchProcessingState.Stuck or BatchProcessingState.CompleteWithFailures);
        var lost = run.Journal.Batches.Sum(batch => batch.Status?.LostRows ?? 0);
        var counted = run.Journal.Batches.Where(batch => batch.Status?.LostRows is not null).Sum(batch => (long)batch.Rows);
        if (!rows.IsBalanced)
            return new("bad", "The books do not balance", "Rows are missing from the accounting, or counted twice.");
        if (!run.Journal.IsComplete)
        {
            return run.Journal.EndedAt is null
                ? new("wait", "Not complete: the run goes on, or was interrupted", $"{accepted} The same command completes the run.")
                : new("bad", "Not complete: the run stopped early", $"{accepted} The same command completes the run.");
        }

        if (rows.Refused > 0)
            return new("bad", $"Finished, but Target refused {CountText.Of(rows.Refused, "row")}", accepted);
        if (notProcessed > 0)
            return new("bad", $"Accepted, but Target could not process {CountText.Of(notProcessed, "batch")} fully", accepted);
        if (lost > counted * LostRows.UsualRate)
            return new("bad", $"Accepted, but {CountText.Of(lost, "row")} of {Html.Number(counted)} {(lost == 1 ? "is" : "are")} in none of Target's counts", accepted);
        if (run.LastComparison is { } last && last.Match < last.Rows)
            return new("bad", $"Accepted, but {CountText.Of(last.Rows - last.Match, "row")} of {Html.Number(last.Rows)} that were compared did not match", accepted);
        if (run.LastComparison is { Failed: > 0 } unknown)
            return new("bad", $"Accepted, but {CountText.Of(unknown.Failed, "row")} of {Html.Number(unknown.Asked)} could not be fetched to be compared", accepted);
        if (rows.Rejected > 0)
            return new("wait", $"Finished, with {CountText.Of(rows.Rejected, "row")} left out", $"{accepted} {CountText.Of(rows.Rejected, "row")} ({Html.Percent(rows.Rejected, rows.Read)}) {(rows.Rejected == 1 ? "breaks" : "break")} a rule.");
        return new("good", "Complete: everything was accepted", $"{accepted} {(rows.Accepted == rows.Read ? "Nothing was left out." : "The others had no values, or were merged into another row of the same id.")}");
    }
}
