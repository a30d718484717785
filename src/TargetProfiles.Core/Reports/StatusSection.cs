using System.Xml.Linq;

namespace TargetProfiles.Reports;

/// <summary>What Target made of the batches that it took.</summary>
internal static class StatusSection
{
    public static XElement? Of(RunHistory run)
    {
        var accepted = run.Journal.Batches.Where(batch => batch.State == BatchState.Accepted).ToList();
        if (accepted.Count == 0)
            return null;
        var told = accepted.Where(batch => batch.Status is not null).ToList();
        var parts = told.GroupBy(batch => batch.Status!.State).OrderBy(group => group.Key)
            .Select(group => (Level(group.Key), Word(group.Key), (long)group.Count())).ToList();
        if (told.Count < accepted.Count)
            parts.Add(("none", "not asked for, or not final", accepted.Count - told.Count));
        return Html.Section(
            "statuses",
            "What Target made of the batches",
            Html.Paragraph("Accepted means queued. Target processes a batch later, and keeps its status for a day at most."),
            ShareBar.Of("status-shares", "Accepted batches by status", "batch", [.. parts]),
            Counts(told));
    }

    /// <summary>The state in words.</summary>
    public static string Word(BatchProcessingState state) => state switch
    {
        BatchProcessingState.Complete => "complete",
        BatchProcessingState.CompleteWithFailures => "complete with failures",
        BatchProcessingState.Incomplete => "incomplete",
        BatchProcessingState.Stuck => "stuck",
        BatchProcessingState.Expired => "expired",
        _ => "unknown",
    };

    public static string Level(BatchProcessingState state) => state switch
    {
        BatchProcessingState.Complete => "good",
        BatchProcessingState.CompleteWithFailures or BatchProcessingState.Incomplete => "wait",
        BatchProcessingState.Stuck => "bad",
        _ => "none",
    };

    private static XElement? Counts(List<TargetProfileBatch> told)
    {
        var counted = told.Where(batch => batch.Status!.SuccessfulUpdates is not null).ToList();
        if (counted.Count == 0)
            return null;
        var rows = counted.Sum(batch => (long)batch.Rows);
        (string Label, long Count, string Meaning)[] counts =
        [
            ("Sent", rows, $"rows in the {CountText.Of(counted.Count, "batch")} that Target gave counts of"),
            ("Updated", counted.Sum(batch => batch.Status!.SuccessfulUpdates ?? 0), "profiles updated or created"),
            ("Not found", counted.Sum(batch => batch.Status!.ProfilesNotFound ?? 0), "rows whose profile does not exist"),
            ("Failed", counted.Sum(batch => batch.Status!.FailedUpdates ?? 0), "rows that failed"),
            ("Lost", counted.Sum(batch => batch.Status!.LostRows ?? 0), "rows that no count holds; Target owns to 0.1 % of large batches"),
        ];
        return Html.Table(
            "Rows as Target counts them",
            ["Rows", "#Count", "#Share", "Meaning"],
            counts.Select(count => new object?[] { count.Label, Html.Number(count.Count), Html.Percent(count.Count, rows), count.Meaning }));
    }
}
