using Spectre.Console;
using TargetProfiles.Cli.Commands;

namespace TargetProfiles.Cli.Output;

/// <summary>A comparison's outcome for people.</summary>
internal sealed class CompareTable : CompareOutput
{
    private const int MostRows = 1_000;

    private readonly List<TargetProfileComparison> _rows = [];

    public override bool TryAdd(TargetProfileComparison compared)
    {
        if (_rows.Count == MostRows)
            return false;
        _rows.Add(compared);
        return true;
    }

    public override void Write(CompareReport report)
    {
        var output = Tables.Output();
        // Whoever interrupts wants an end now.
        if (_rows.Count > 0 && report.ExitCode != ExitCode.Interrupted)
        {
            output.Write(Table());
            if (report.NotListed > 0)
                output.WriteLine($"{CountText.Of(report.NotListed, "more row is", "more rows are")} counted and not listed. With --json all are listed.");
        }

        output.WriteLine(report.Summary.ToString());
    }

    public override void Dispose()
    {
        // There are only rows.
    }

    private Table Table()
    {
        var table = Tables.New("Rows and their profiles", "#Row", "Id", "Outcome", "Attribute", "Expected", "Found");
        foreach (var compared in _rows)
        {
            // Without a profile there is no more to say than that.
            var different = compared.Outcome == ComparisonOutcome.Different ? compared.DifferentAttributes : [""];
            foreach (var name in different)
                table.Row(Tables.Count(compared.Row), compared.ThirdPartyId ?? compared.PcId, Word(compared.Outcome), name, Value(compared.Expected, name), Value(compared.Found, name));
        }

        return table;
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
