using System.Xml.Linq;

namespace TargetProfiles.Reports;

/// <summary>The page: the verdict first, what to do next, and then everything that shows it.</summary>
internal static class ReportPage
{
    public static XElement Body(RunHistory run, DateTime madeAt)
    {
        var verdict = Verdict.Of(run);
        XElement?[] details =
        [
            AccountingSection.Of(run), TimelineSection.Of(run), RejectsSection.Of(run), FaultsSection.Of(run), StatusSection.Of(run), ComparisonSection.Of(run), BatchesSection.Of(run), SettingsSection.Of(run),
        ];
        var next = Next(run);
        return Html.Element(
            "body",
            Html.Element("a", Html.Class("skip"), Html.Attribute("href", "#next"), "Skip to what to do next"),
            Header(run),
            Html.Element(
                "main",
                Html.Element("div", Html.Class($"verdict {verdict.Level}"), Html.Element("p", Html.Class("headline"), verdict.Headline), Html.Paragraph(verdict.Explanation)),
                Tiles(run),
                Contents([next, .. details]),
                next,
                details),
            Html.Element(
                "footer",
                Html.Paragraph("Made ", Html.Time(madeAt), $" from the journal of {run.Tool}. This page holds no row, no id of a visitor and no token. It needs no network.")));
    }

    public static string Title(RunHistory run) => $"Profile run of {run.StartedAt:yyyy-MM-dd HH:mm}: {Verdict.Of(run).Headline}";

    private static XElement Header(RunHistory run)
    {
        var sources = run.Sources.Count switch
        {
            0 => "no source yet",
            1 => run.Sources[0].Name,
            _ => $"{run.Sources[0].Name} and {CountText.Of(run.Sources.Count - 1, "other source")}",
        };
        return Html.Element(
            "header",
            Html.Element("h1", "Visitor profiles to Adobe Target"),
            Html.Paragraph(
                Html.Element("strong", sources),
                " to client code ", Html.Element("strong", Setting(run, "-ClientCode")),
                " at ", Html.Code(Setting(run, "-Endpoint")),
                ". Begun ", Html.Time(run.StartedAt), ", ", Html.Duration(run.LastAt - run.StartedAt), "."));
    }

    private static XElement Tiles(RunHistory run)
    {
        var rows = run.Rows;
        var left = rows.Rejected + rows.Refused;
        var open = rows.Uncertain + rows.NotSent;
        (string Label, string Value, string Level)[] tiles =
        [
            ("Rows read", Html.Number(rows.Read), ""),
            ("Accepted", Html.Number(rows.Accepted), rows.Accepted > 0 ? "good" : ""),
            ("Rejected or refused", Html.Number(left), left > 0 ? "bad" : ""),
            ("Not settled yet", Html.Number(open), open > 0 ? "wait" : ""),
            ("Batches", Html.Number(run.Journal.Batches.Count), ""),
        ];
        return Html.Element("dl", Html.Class("tiles"), tiles.Select(tile => Html.Element("div", Html.Element("dt", tile.Label), Html.Element("dd", Html.Class(tile.Level), tile.Value))));
    }

    private static XElement Contents(IEnumerable<XElement?> sections) => Html.Element(
        "nav",
        Html.Attribute("aria-label", "Contents"),
        Html.Element("ul", sections.OfType<XElement>().Select(section => section.Element("h2")!).Select(heading =>
            Html.Element("li", Html.Element("a", Html.Attribute("href", $"#{heading.Attribute("id")!.Value}"), heading.Value)))));

    private static XElement Next(RunHistory run)
    {
        var steps = NextStep.Of(run).ToList();
        return Html.Section(
            "next",
            "What to do next",
            steps.Count == 0
                ? Html.Paragraph(run.LastComparison is null ? "Nothing: the run is complete." : "Nothing: the run is complete, and the rows that were compared match.")
                : Html.Element("ol", Html.Class("steps"), steps.Select(step => Html.Element(
                    "li",
                    Html.Element("h3", step.What),
                    Html.Paragraph(step.Why),
                    step.Command is null ? null : Html.Element("dl", Html.Class("commands"), Command("PowerShell", step.Command.PowerShell), Command("Command line", step.Command.CommandLine))))));
    }

    private static XElement Command(string shell, string command) => Html.Element("div", Html.Element("dt", shell), Html.Element("dd", Html.Element("code", Html.Attribute("tabindex", 0), command)));

    private static string Setting(RunHistory run, string name) => run.Journal.Settings.TryGetValue(name, out var value) && value.Length > 0 ? value : "unknown";
}
