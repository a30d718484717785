using System.Xml.Linq;
using TargetProfiles.Profiles;

namespace TargetProfiles.Reports;

/// <summary>Which rules rows broke, and how to mend it.</summary>
internal static class RejectsSection
{
    public static XElement? Of(RunHistory run)
    {
        var rejected = run.Rows.Rejected;
        if (rejected == 0)
            return null;
        var rules = run.RejectedByRule.Select(count => (count.Rule, count.Rows, Requirement: RowRule.All.FirstOrDefault(rule => rule.Id == count.Rule)?.Requirement ?? "")).ToList();
        var untold = rejected - rules.Sum(rule => rule.Rows);
        if (untold > 0)
            rules.Add(("other", untold, "The journal does not tell which rule. The file of rejected rows does, in its last column."));
        var most = rules.Max(rule => rule.Rows);
        return Html.Section(
            "rejects",
            "Rows left out, by rule",
            Html.Paragraph(
                $"{CountText.Of(rejected, "row")} of {Html.Number(run.Rows.Read)} ({Html.Percent(rejected, run.Rows.Read)}) {(rejected == 1 ? "breaks" : "break")} a rule and {(rejected == 1 ? "was" : "were")} not sent. ",
                run.Journal.RejectedPaths.Count == 0
                    ? "They were not kept: with -RejectedPath they are written to a file, each with its reason."
                    : "They stand, each with its reason, in:"),
            run.Journal.RejectedPaths.Count == 0 ? null : Html.Element("ul", run.Journal.RejectedPaths.Select(path => Html.Element("li", Html.Code(path)))),
            Html.Table(
                "Rejected rows by rule",
                ["Rule", "#Rows", "Share", "What to do"],
                rules.Select(rule => new object?[] { Html.Code(rule.Rule), Html.Number(rule.Rows), Bar(rule.Rule, rule.Rows, most, rejected), rule.Requirement })));
    }

    private static XElement Bar(string rule, long rows, long most, long all) => Html.Element(
        "span",
        Html.Class("nowrap"),
        Html.Element(
            "svg",
            Html.Class("share small"),
            Html.Attribute("viewBox", "0 0 100 10"),
            Html.Attribute("preserveAspectRatio", "none"),
            Html.Attribute("role", "img"),
            Html.Element("title", $"{rule}: {Html.Percent(rows, all)} of the rejected rows"),
            Chart.Shape("rect", "track", ("x", 0), ("y", 0), ("width", 100), ("height", 10)),
            Chart.Shape("rect", "bad", ("x", 0), ("y", 0), ("width", Math.Max(1, 100.0 * rows / most)), ("height", 10))),
        Html.Percent(rows, all));
}
