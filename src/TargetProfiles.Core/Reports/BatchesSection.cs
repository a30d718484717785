using System.Xml.Linq;

namespace TargetProfiles.Reports;

/// <summary>Every batch, as far as a page can hold them.</summary>
internal static class BatchesSection
{
    private const int MostListed = 1000;

    public static XElement? Of(RunHistory run)
    {
        var batches = run.Journal.Batches;
        if (batches.Count == 0)
            return null;
        var listed = batches.Count <= MostListed ? batches : [.. batches.OrderBy(IsInOrder).Take(MostListed).OrderBy(batch => batch.Number).ThenBy(batch => batch.Part)];
        return Html.Section(
            "batches",
            "Every batch",
            batches.Count == listed.Count ? null : Html.Paragraph($"{Html.Number(listed.Count)} of {Html.Number(batches.Count)} batches: first of all those that need a look. Get-TargetProfileBatch lists the rest."),
            Html.Table(
                "Batches",
                ["#Batch", "Outcome", "Status", "#Rows", "Rows in the source", "#Sent", "Accepted", "Batch id"],
                listed.Select(batch => new object?[]
                {
                    batch.Part == 0 ? Html.Number(batch.Number) : $"{Html.Number(batch.Number)}, half {batch.Part}",
                    Html.Badge(BatchMark.Level(batch.State), BatchMark.Word(batch.State)),
                    batch.Status is null ? "" : Html.Badge(StatusSection.Level(batch.Status.State), StatusSection.Word(batch.Status.State)),
                    Html.Number(batch.Rows),
                    $"{Html.Number(batch.FirstRow)} to {Html.Number(batch.LastRow)}",
                    Html.Number(batch.Attempts),
                    batch.SubmittedAt is DateTime at ? Html.Time(at, "HH:mm:ss") : "",
                    batch.BatchId is null ? "" : Html.Element("code", Html.Class("id"), batch.BatchId),
                })));
    }

    private static bool IsInOrder(TargetProfileBatch batch) =>
        batch.State == BatchState.Accepted && batch.Status?.State is null or BatchProcessingState.Complete or BatchProcessingState.Expired;
}
