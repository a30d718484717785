using System.Xml.Linq;
using TargetProfiles.Sending.Journal;

namespace TargetProfiles.Reports;

/// <summary>When the batches left and what became of them, and how fast rows got through.</summary>
internal static class TimelineSection
{
    /// <summary>More marks than this lie upon each other; every fault is drawn, of the accepted ones every second or third.</summary>
    private const int MostMarks = 800;

    public static XElement? Of(RunHistory run)
    {
        if (run.Outcomes.Count == 0)
            return null;
        var states = run.Outcomes.Select(outcome => outcome.State).Distinct().OrderBy(state => state).ToList();
        return Html.Section(
            "timeline",
            "Over time",
            Html.Element("h3", "Batches"),
            Html.Paragraph("Each mark is a batch, by its number, at the moment when its outcome was known.", run.Commands.Count > 1 ? " Dashed lines are the moments when a command began." : ""),
            Batches(run),
            BatchMark.Legend(states),
            Html.Element("h3", "Throughput"),
            Throughput(run),
            Html.Element("p", Html.Class("hint"), "Times are UTC."));
    }

    private static XElement Batches(RunHistory run)
    {
        var chart = new Chart(run.StartedAt, run.LastAt, run.Outcomes.Max(outcome => outcome.Batch));
        for (var at = 0; at < run.Commands.Count && run.Commands.Count > 1; at++)
            chart.Mark(run.Commands[at].StartedAt, "command", $"Command {at + 1} of {run.Commands.Count} began");
        foreach (var outcome in Drawn(run.Outcomes))
        {
            var mark = BatchMark.Of(outcome.State, chart.Times.X(outcome.At), chart.Values.Y(outcome.Batch));
            mark.Add(Html.Element("title", $"Batch {outcome.Batch}: {BatchMark.Word(outcome.State)}, {CountText.Of(outcome.Rows, "row")}, {outcome.At:HH:mm:ss}"));
            chart.Add(mark);
        }

        var counts = run.Outcomes.GroupBy(outcome => outcome.State).OrderBy(group => group.Key).Select(group => $"{Html.Number(group.Count())} {BatchMark.Word(group.Key)}");
        return chart.Draw(
            "batch-chart",
            "Batches over time",
            $"{CountText.Of(run.Outcomes.Count, "outcome")} in {Html.Duration(run.LastAt - run.StartedAt)}, by {CountText.Of(run.Commands.Count, "command")}: {string.Join(", ", counts)}.");
    }

    private static XElement Throughput(RunHistory run)
    {
        var accepted = run.Outcomes.Where(outcome => outcome.State == BatchState.Accepted).ToList();
        var seconds = new TimeAxis(run.StartedAt, run.LastAt, 0, 1).IntervalSeconds;
        var rows = accepted.GroupBy(outcome => (long)((outcome.At - run.StartedAt).TotalSeconds / seconds)).ToDictionary(group => group.Key, group => group.Sum(outcome => (double)outcome.Rows) / seconds);
        var most = rows.Count == 0 ? 0 : rows.Values.Max();
        var chart = new Chart(run.StartedAt, run.LastAt, most);
        foreach (var interval in rows.OrderBy(interval => interval.Key))
        {
            var from = run.StartedAt + TimeSpan.FromSeconds(interval.Key * seconds);
            var until = from + TimeSpan.FromSeconds(seconds);
            var x = chart.Times.X(from);
            var y = chart.Values.Y(interval.Value);
            var bar = Chart.Shape("rect", "bar", ("x", x), ("y", y), ("width", Math.Max(1, chart.Times.X(until < chart.Times.To ? until : chart.Times.To) - x - 1)), ("height", chart.Values.Y(0) - y));
            bar.Add(Html.Element("title", $"{from:HH:mm:ss}: {Rate(interval.Value)}"));
            chart.Add(bar);
        }

        var total = accepted.Sum(outcome => (long)outcome.Rows);
        var working = run.Commands.Sum(command => (command.LastAt - command.StartedAt).TotalSeconds);
        var description = $"{CountText.Of(total, "row")} accepted within {Html.Duration(TimeSpan.FromSeconds(working))} of work: {Rate(total / Math.Max(working, 0.001))} on average, {Html.Number(most)} at most.";
        return Html.Element(
            "div",
            Html.Paragraph(description),
            chart.Draw("throughput-chart", "Rows accepted a second", $"{description} Counted in steps of {Chart.Number(seconds)} s."));
    }

    private static string Rate(double rows) => $"{Html.Number(rows)} {(Html.Number(rows) == "1" ? "row" : "rows")} a second";

    private static IEnumerable<OutcomeRecord> Drawn(IReadOnlyList<OutcomeRecord> outcomes)
    {
        var nth = 1 + (outcomes.Count / MostMarks);
        return outcomes.Where((outcome, at) => at % nth == 0 || outcome.State != BatchState.Accepted).OrderBy(outcome => outcome.State);
    }
}
