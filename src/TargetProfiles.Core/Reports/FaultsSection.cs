using System.Xml.Linq;

namespace TargetProfiles.Reports;

/// <summary>What went wrong on the way, and was coped with or not.</summary>
internal static class FaultsSection
{
    private const int MostMessages = 20;

    public static XElement Of(RunHistory run)
    {
        var kills = run.Commands.Take(run.Commands.Count - 1).Count(command => !command.EndedInOrder) + (run.Commands.Count > 0 && run.Journal.EndedAt is null ? 1 : 0);
        (string Label, long Count, string Meaning)[] counts =
        [
            ("Batches", run.Journal.Batches.Select(batch => batch.Number).Distinct().Count(), "that the rows were packed into"),
            ("Times sent", run.Tries, "by all commands together, retries included"),
            ("Batches with a fault", run.BatchesWithFaults, "that were sent more than once, or were not accepted at once"),
            ("Refused", Outcomes(run, BatchState.Refused), "answers that said no"),
            ("Unknown", Outcomes(run, BatchState.Uncertain), "outcomes that nobody told; such a batch is sent again"),
            ("Not sent", Outcomes(run, BatchState.NotSent), "tries that never reached Target"),
            ("Commands", run.Commands.Count, "that worked on this run"),
            ("Interrupted", kills, "commands that were killed, or go on while this page is made"),
            ("Batches under way then", run.Interrupted, "batches that were being sent when a command was interrupted"),
        ];
        var messages = run.Outcomes.Where(outcome => outcome.Message is not null)
            .GroupBy(outcome => (outcome.State, Service.ReplyText.Shown(outcome.Message)), (key, same) => (key.State, Message: key.Item2, Count: same.Count()))
            .OrderByDescending(told => told.Count).ToList();
        return Html.Section(
            "faults",
            "Retries and faults",
            Html.Paragraph(run.BatchesWithFaults + kills == 0
                ? "Every batch was accepted at the first try."
                : "A batch whose outcome is unknown is sent again. That does no harm, as the same values are written again."),
            Html.Table("Retries and faults", ["What", "#Count", "Meaning"], counts.Select(count => new object?[] { count.Label, Html.Number(count.Count), count.Meaning })),
            messages.Count == 0 ? null : Html.Table(
                "What was said of batches that were not accepted",
                ["Outcome", "#Times", "Message"],
                messages.Take(MostMessages).Select(told => new object?[] { Html.Badge(BatchMark.Level(told.State), BatchMark.Word(told.State)), Html.Number(told.Count), told.Message })),
            messages.Count <= MostMessages ? null : Html.Element("p", Html.Class("hint"), $"{messages.Count - MostMessages} more messages stand in the journal."));
    }

    private static int Outcomes(RunHistory run, BatchState state) => run.Outcomes.Count(outcome => outcome.State == state);
}
