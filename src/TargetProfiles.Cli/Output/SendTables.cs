using Spectre.Console;

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
            output.Write(Batches(report.Batches, batch => Status(report, batch) is { } status ? StatusTable.Word(status) : Word(batch.State)));
        output.Write(Rows(report.Accounting));
        output.WriteLine(Balance(report.Accounting));
        if (report.Waits && report.Batches.Count > 0)
            output.WriteLine(Processed(report));
        if (report.Sample is { } sample)
            output.WriteLine(SampleText(sample, report.Compared));
        if (report.EmulatorProfiles is int profiles)
            output.WriteLine($"The emulator now has {CountText.Of(profiles, "profile")}.");
    }

    /// <summary>The same, as a journal tells it.</summary>
    public static void Write(TargetProfileJournal journal)
    {
        var output = Tables.Output();
        if (journal.Batches.Count > 0)
            output.Write(Batches(journal.Batches, batch => batch.Status is { } status ? StatusTable.Word(status) : Word(batch.State)));
        output.Write(Rows(journal.Accounting));
        output.WriteLine(Balance(journal.Accounting));
        if (journal.RejectedPaths.Count > 0)
            output.WriteLine(Lines.Harmless($"Rejected rows stand in {string.Join(" and ", journal.RejectedPaths)}."));
        output.WriteLine(End(journal));
    }

    /// <summary>What became of the rows, in one line.</summary>
    public static string Balance(RunAccounting accounting)
    {
        (long Count, string Word)[] counts =
        [
            (accounting.Accepted, "accepted"), (accounting.Rejected, "rejected"), (accounting.Empty, "empty"), (accounting.Merged, "merged"),
            (accounting.Refused, "refused"), (accounting.Uncertain, "uncertain"), (accounting.NotSent, "not sent"), (accounting.OtherShard, "of another shard"),
        ];
        var parts = counts.Where(part => part.Count > 0).Select(part => $"{Tables.Count(part.Count)} {part.Word}");
        var sum = accounting.Read == 0 ? "0" : string.Join(" + ", parts);
        var end = accounting.SourceEnded ? "" : " The source was not read to its end.";
        return $"{(accounting.IsBalanced ? "Balanced" : "NOT BALANCED")}: {Tables.Count(accounting.Read)} read = {sum}.{end}";
    }

    /// <summary>The ids of what was accepted, for a run that ends without tables.</summary>
    public static string? Accepted(SendReport report)
    {
        var ids = report.Batches.Where(batch => batch.BatchId is not null).Select(batch => batch.BatchId);
        var text = string.Join(", ", ids);
        return text.Length == 0 ? null : $"Accepted: {text}";
    }

    private static string End(TargetProfileJournal journal)
    {
        if (journal.IsComplete)
            return $"The run was completed at {Tables.Moment(journal.EndedAt)}.";
        return journal.StartedAt is null
            ? "The journal is empty: no run has begun."
            : $"The run began at {Tables.Moment(journal.StartedAt)} and is not complete. If it is not going on just now, the same command completes it.";
    }

    private static Table Batches(IEnumerable<TargetProfileBatch> batches, Func<TargetProfileBatch, string> state)
    {
        var table = Tables.New("Batches", "#Batch", "#Rows", "#Bytes", "State", "Batch id");
        foreach (var batch in batches)
            table.Row(Tables.Count(batch.Number), Tables.Count(batch.Rows), Tables.Count(batch.Bytes), state(batch), batch.BatchId);
        return table;
    }

    private static TargetBatchStatus? Status(SendReport report, TargetProfileBatch batch) =>
        report.Statuses.FirstOrDefault(result => result.BatchId == batch.BatchId)?.Status;

    private static string Word(BatchState state) => state switch
    {
        BatchState.Accepted => "accepted",
        BatchState.Refused => "refused",
        BatchState.Uncertain => "uncertain",
        _ => "not sent",
    };

    private static string Processed(SendReport report)
    {
        var statuses = report.Statuses.Select(result => result.Status).OfType<TargetBatchStatus>().ToList();
        var complete = statuses.Count(status => status.State is BatchProcessingState.Complete or BatchProcessingState.CompleteWithFailures);
        var accepted = report.Batches.Count(batch => batch.State == BatchState.Accepted);
        var missing = statuses.Sum(status => status.ProfilesNotFound ?? 0);
        var text = $"Target has processed {Tables.Count(complete)} of {CountText.Of(accepted, "batch")}: {CountText.Of(statuses.Sum(status => status.SuccessfulUpdates ?? 0), "row")} updated, " +
            $"{Tables.Count(missing)} without a profile, {Tables.Count(statuses.Sum(status => status.FailedUpdates ?? 0))} failed.";
        return missing == 0 ? text : $"{text} Version v1 of the API updates only profiles that exist; --api-version v2 creates the others.";
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

    private static string SampleText(TargetProfileComparisonSummary sample, IEnumerable<TargetProfileComparison> compared)
    {
        var text = $"Sample: {Tables.Count(sample.Match)} of {CountText.Of(sample.Compared, "row")} fetched back {(sample.Match == 1 ? "holds every value of its" : "hold every value of their")} row.";
        return string.Join(Environment.NewLine, [text, .. compared.Where(row => row.Outcome != ComparisonOutcome.Match).Select(Different)]);
    }

    private static string Different(TargetProfileComparison compared) => Lines.Harmless(compared.Outcome != ComparisonOutcome.Different
        ? $"  {compared.ThirdPartyId ?? compared.PcId}: there is no such profile."
        : $"  {compared.ThirdPartyId ?? compared.PcId}: different or missing: {string.Join(", ", compared.DifferentAttributes)}. With --duplicate-id-action warn or ignore, a later row of the same id would explain it.");
}
