using Spectre.Console;
using TargetProfiles.Sending;

namespace TargetProfiles.Cli.Output;

/// <summary>A send's outcome for people.</summary>
internal static class SendTables
{
    public static void Write(SendReport report)
    {
        var output = Tables.Output();
        if (report.Plan is { } plan)
        {
            output.WriteLine(plan.ToString());
            return;
        }

        if (report.Batches.Count > 0)
            output.Write(Batches(report));
        output.Write(Rows(report.Accounting));
        output.WriteLine(Balance(report.Accounting));
        if (report.Sample is { } sample)
            output.WriteLine(SampleText(sample));
        if (report.EmulatorProfiles is int profiles)
            output.WriteLine($"The emulator now has {Tables.Count(profiles)} profiles.");
    }

    /// <summary>What became of the rows, in one line.</summary>
    public static string Balance(RunAccounting accounting) =>
        $"{(accounting.IsBalanced ? "Balanced" : "NOT BALANCED")}: {accounting}.";

    private static Table Batches(SendReport report)
    {
        var statusColumns = report.Waits ? new[] { "Target's status", "#Updated", "#Not found", "#Failed" } : [];
        var table = Tables.New("Batches", ["#Batch", "#Rows", "#Bytes", "State", "Batch id", .. statusColumns]);
        foreach (var batch in report.Batches)
        {
            var status = batch.BatchId is string id && report.Statuses.TryGetValue(id, out var result) ? result.Status : null;
            var cells = report.Waits
                ? new[] { status?.RawStatus, Tables.Count(status?.SuccessfulUpdates), Tables.Count(status?.ProfilesNotFound), Tables.Count(status?.FailedUpdates) }
                : [];
            table.Row([Tables.Count(batch.Number), Tables.Count(batch.Rows), Tables.Count(batch.Bytes), batch.State.ToString(), batch.BatchId, .. cells]);
        }

        return table;
    }

    private static Table Rows(RunAccounting accounting)
    {
        var table = Tables.New("Where every row went", "Rows", "#Count", "");
        table.Row("Read", Tables.Count(accounting.Read), accounting.SourceEnded ? "to the end of the source" : "the source was not read to its end");
        table.Row("Accepted", Tables.Count(accounting.Accepted), "in Target's queue");
        table.Row("Rejected", Tables.Count(accounting.Rejected), "break a rule; not sent");
        table.Row("Empty", Tables.Count(accounting.Empty), "an id without values; Target would ignore them");
        if (accounting.Merged > 0)
            table.Row("Merged", Tables.Count(accounting.Merged), "into an earlier row of the same id");
        table.Row("Refused", Tables.Count(accounting.Refused), "in batches that Target refused");
        table.Row("Uncertain", Tables.Count(accounting.Uncertain), "in batches that Target may have");
        table.Row("Not sent", Tables.Count(accounting.NotSent), "in batches that never reached Target");
        if (accounting.OtherShard > 0)
            table.Row("Other shard", Tables.Count(accounting.OtherShard), "sent elsewhere");
        return table;
    }

    private static string SampleText(IReadOnlyList<SampleComparison> sample)
    {
        var wrong = sample.Where(compared => !compared.IsMatch).ToList();
        var text = $"Sample: {sample.Count - wrong.Count} of {sample.Count} rows fetched back hold every value of their row.";
        return string.Join(Environment.NewLine, [text, .. wrong.Select(Different)]);
    }

    private static string Different(SampleComparison compared) => Lines.Harmless(compared.Profile is null
        ? $"  {compared.Row.Id}: there is no such profile."
        : $"  {compared.Row.Id}: different or missing: {string.Join(", ", compared.DifferentAttributes)}. A later row of the same id would explain it.");
}
