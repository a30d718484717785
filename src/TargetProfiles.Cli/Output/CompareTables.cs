using Spectre.Console;

namespace TargetProfiles.Cli.Output;

/// <summary>A comparison's outcome for people.</summary>
internal static class CompareTables
{
    public static void Write(CompareReport report)
    {
        var output = Tables.Output();
        if (report.Compared.Count > 0)
        {
            var table = Tables.New("Rows and their profiles", "#Row", "Id", "Outcome", "Attribute", "Expected", "Found");
            foreach (var compared in report.Compared)
            {
                // Without a profile there is no more to say than that.
                var different = compared.Outcome == ComparisonOutcome.Different ? compared.DifferentAttributes : [""];
                foreach (var name in different)
                    table.Row(Tables.Count(compared.Row), compared.ThirdPartyId ?? compared.PcId, Word(compared.Outcome), name, Value(compared.Expected, name), Value(compared.Found, name));
            }

            output.Write(table);
        }

        output.WriteLine(report.Summary.ToString());
    }

    private static string? Value(IDictionary<string, string> values, string name) => values.TryGetValue(name, out var value) ? value : null;

    private static string Word(ComparisonOutcome outcome) => outcome switch
    {
        ComparisonOutcome.Match => "match",
        ComparisonOutcome.Different => "different",
        ComparisonOutcome.Missing => "missing",
        _ => "not yet",
    };
}
