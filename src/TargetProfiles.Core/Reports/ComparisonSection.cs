using System.Xml.Linq;

namespace TargetProfiles.Reports;

/// <summary>Whether rows that were sent are there.</summary>
internal static class ComparisonSection
{
    public static XElement? Of(RunHistory run)
    {
        if (run.LastComparison is not { } last)
            return null;
        return Html.Section(
            "comparisons",
            "Compared with the profiles in Target",
            Html.Paragraph("Rows were fetched back and held against what was sent."),
            ShareBar.Of(
                "comparison-shares",
                "Rows of the last comparison",
                "row",
                ("good", "match", last.Match),
                ("bad", "have another value", last.Different),
                ("refused", "have no profile", last.Missing),
                ("wait", "are not there yet", last.NotYet),
                ("none", "could not be fetched", last.Failed)),
            Html.Table(
                "Comparisons",
                ["When", "#Rows", "#Match", "#Different", "#Missing", "#Not yet", "#Not fetched", "Which rows"],
                run.Comparisons.Select(compared => new object?[]
                {
                    Html.Time(compared.At), Html.Number(compared.Rows), Html.Number(compared.Match), Html.Number(compared.Different), Html.Number(compared.Missing), Html.Number(compared.NotYet), Html.Number(compared.Failed),
                    compared.Batch > 0 ? $"the canary, batch {compared.Batch}" : compared.SampleSize is int size ? $"a sample of {Html.Number(size)}, seed {compared.Seed}" : "all",
                })));
    }
}
