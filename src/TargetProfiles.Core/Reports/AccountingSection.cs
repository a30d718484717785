using System.Xml.Linq;

namespace TargetProfiles.Reports;

/// <summary>Where every row went, as an equation that must hold.</summary>
internal static class AccountingSection
{
    public static XElement Of(RunHistory run)
    {
        var rows = run.Rows;
        (string Name, string ClassName, string Label, string Meaning, long Count)[] parts =
        [
            ("Accepted", "good", "accepted by Target", "in batches that Target took into its queue", rows.Accepted),
            ("Rejected", "bad", "left out: they break a rule", "not sent, since they break a rule", rows.Rejected),
            ("Empty", "soft", "left out: no values", "not sent, since they have an id and no values", rows.Empty),
            ("Merged", "merged", "merged", "merged into another row of the same id", rows.Merged),
            ("Refused", "refused", "refused by Target", "in batches that Target refused", rows.Refused),
            ("Uncertain", "wait", "outcome unknown", "in batches that Target may have", rows.Uncertain),
            ("Not sent", "none", "not sent yet", "in batches that never reached Target", rows.NotSent),
            ("Other shard", "soft", "left to another shard", "left to another shard of the run", rows.OtherShard),
        ];
        var shown = parts.Where(part => part.Name != "Other shard" || part.Count > 0).ToList();
        return Html.Section(
            "accounting",
            "Where every row went",
            rows.Read == 0 ? null : ShareBar.Of("row-shares", "Rows by what became of them", "row", [.. parts.Select(part => (part.ClassName, part.Label, part.Count))]),
            Html.Element("p", Html.Class("equation"), Term("Read", rows.Read), shown.Select((part, at) => new object[] { Html.Element("span", Html.Class("operator"), at == 0 ? "=" : "+"), Term(part.Name, part.Count) })),
            Html.Paragraph(rows.IsBalanced
                ? Html.Badge("good", "Balanced")
                : Html.Badge("bad", "Does not balance"), rows.IsBalanced
                ? " Every row that was read is accounted for once. Each count is kept by the part that decides, and none is worked out from the others."
                : " Rows are missing from the books, or counted twice. This should not happen: please report it, with this page."),
            Html.Table(
                "Rows by what became of them",
                ["Rows", "#Count", "#Share", "Meaning"],
                shown.Select(part => new object?[] { part.Name, Html.Number(part.Count), Html.Percent(part.Count, rows.Read), part.Meaning })));
    }

    private static XElement Term(string name, long count) =>
        Html.Element("span", Html.Class(count == 0 ? "term zero" : "term"), Html.Element("strong", Html.Number(count)), " ", Html.Element("span", name));
}
