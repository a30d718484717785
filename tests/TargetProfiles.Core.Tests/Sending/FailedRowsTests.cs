using System.Text;
using TargetProfiles.Emulator;
using TargetProfiles.Sending;

namespace TargetProfiles.Core.Tests;

/// <summary>Rows of batches that did not get through, taken from the source to be sent again.</summary>
public sealed class FailedRowsTests : IDisposable
{
    private readonly JournalRuns _runs = new();

    private string Failed => Path.Combine(_runs.Folder, "failed.csv");

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Stuck_and_refused_batches_are_written_as_they_stand_and_sent_again()
    {
        var file = _runs.Write("crm.csv", "thirdPartyId;a;b\n" + string.Concat(Enumerable.Range(1, 35).Select(i => $"U{i};\"x;{i}\";\n")));
        _runs.Wire.Emulator.Options.StuckBatches = 1;
        _runs.Wire.Play(FaultKind.SuccessFalse, skip: 2);
        var csv = new CsvOptions { Delimiter = ';' };
        using (var run = _runs.Send(Options(csv), file))
            Assert.Equal((25, 10), (run.Accounting.Accepted, run.Accounting.Refused));
        var failed = Write();
        Assert.Equal((20, 2), (failed.Rows, failed.Batches));
        var lines = File.ReadAllLines(Failed);
        Assert.Equal("thirdPartyId;a;b;#row;#reason", lines[0]);
        Assert.StartsWith("U1;\"x;1\";;1;batch 1 (", lines[1]);
        Assert.Equal("U21;\"x;21\";;21;batch 3 was refused", lines[11]);
#if !NETSTANDARD_BUILD
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Failed));
#endif

        using (var again = new Run(_runs.Wire, new SendOptions { Csv = csv }))
        {
            again.Send.AddFile(Failed);
            again.Send.Complete(sourceEnded: true);
            Assert.Equal((20, true), (again.Accounting.Accepted, again.Accounting.IsComplete));
        }

        Assert.Equal(35, _runs.StoredIds.Count());
    }

    [Theory]
    [InlineData(DuplicateIdAction.Reject)]
    [InlineData(DuplicateIdAction.Merge)]
    public void Rejected_and_empty_rows_stay_out_and_merged_ones_come_together(DuplicateIdAction duplicates)
    {
        // Batch 2 gets stuck: U3 and U4. A later row of U4 stands behind it, an earlier and a rejected one in it.
        var file = _runs.Write("crm.csv", "thirdPartyId,a,b\nU1,1,\nU2,2,\nU3,3,\nU+,0,\nU9,,\nU1,7,\nU4,4,x\nU5,5,\nU4,8,\nU6,6,\n");
        _runs.Wire.Emulator.Options.ProcessingDelay = TimeSpan.FromDays(1);
        using (var run = _runs.Send(_runs.Options(batchRows: 2, duplicates: duplicates), file))
            Assert.Equal(6, run.Accounting.Accepted);
        var second = TargetProfileJournal.Read(_runs.Journal).Batches[1];
        var failed = FailedRows.Write(_runs.Journal, [new TargetBatchStatus(second.BatchId!, null, BatchProcessingState.Stuck, "stuck")], Failed, default);
        var rows = File.ReadAllLines(Failed).Skip(1).Select(line => string.Join(",", line.Split(',').Take(4)));
        Assert.Equal(duplicates == DuplicateIdAction.Merge ? ["U3,3,,3", "U4,4,x,7", "U4,8,,9"] : ["U3,3,,3", "U4,4,x,7"], rows);
        Assert.Equal(1, failed.Batches);
    }

    [Fact]
    public void Rows_of_ids_that_the_service_lists_come_alone_and_without_a_list_the_batch_comes_whole()
    {
        using (_runs.Send(null, _runs.Write("crm.csv", Run.Numbered(15))))
            _runs.Wire.Emulator.ProcessNow();
        var first = TargetProfileJournal.Read(_runs.Journal).Batches[0];
        Assert.Equal(2, FailedRows.Write(_runs.Journal, [Status(failed: 2, "U3", "U7")], Failed, default).Rows);
        Assert.Equal(["U3", "U7"], File.ReadAllLines(Failed).Skip(1).Select(line => line.Split(',')[0]));
        var whole = FailedRows.Write(_runs.Journal, [Status(failed: 3, "U3")], Failed, default);
        Assert.Equal((10, Path.Combine(_runs.Folder, "failed.2.csv")), (whole.Rows, Assert.Single(whole.Paths)));
        Assert.Equal(0, FailedRows.Write(_runs.Journal, [Status(failed: 0)], Failed, default).Rows);

        TargetBatchStatus Status(long failed, params string[] ids) =>
            new(first.BatchId!, null, BatchProcessingState.CompleteWithFailures, "complete") { SuccessfulUpdates = 5, ProfilesNotFound = 5 - failed, FailedUpdates = failed, FailedIds = ids };
    }

    [Theory]
    [InlineData(DuplicateIdAction.Merge)]
    [InlineData(DuplicateIdAction.Reject)]
    [InlineData(DuplicateIdAction.Ignore)]
    public void Each_half_of_a_batch_brings_its_own_rows(DuplicateIdAction duplicates)
    {
        _runs.Wire.Play(FaultKind.ServerError, status: 413, times: 1);
        using (var run = _runs.Send(_runs.Options(batchRows: 20, duplicates: duplicates), _runs.Write("crm.csv", Run.Numbered(21))))
            Assert.Equal([10, 10, 1], run.Batches.Select(batch => batch.Rows));
        var ids = TargetProfileJournal.Read(_runs.Journal).Batches.Select(batch => batch.BatchId!).ToList();
        IEnumerable<string> first = Enumerable.Range(1, 10).Select(i => $"U{i}");
        IEnumerable<string> second = Enumerable.Range(11, 10).Select(i => $"U{i}");
        Assert.Equal([.. first, "U15"], Ids(Stuck(0), Failures(1, "U15")));
        Assert.Equal(["U3", .. second], Ids(Failures(0, "U3"), Stuck(1)));
        Assert.Equal(["U3", "U15"], Ids(Failures(0, "U3"), Failures(1, "U15")));
        Assert.Equal([.. first, .. second], Ids(Stuck(0), Stuck(1)));
        Assert.Equal(first, Ids(Stuck(0)));
        Assert.Equal(second, Ids(Stuck(1)));

        TargetBatchStatus Stuck(int half) => new(ids[half], null, BatchProcessingState.Stuck, "stuck");

        TargetBatchStatus Failures(int half, string id) =>
            new(ids[half], null, BatchProcessingState.CompleteWithFailures, "complete") { SuccessfulUpdates = 9, ProfilesNotFound = 0, FailedUpdates = 1, FailedIds = [id] };

        IEnumerable<string> Ids(params TargetBatchStatus[] statuses)
        {
            var failed = FailedRows.Write(_runs.Journal, statuses, Failed, default);
            Assert.Equal(1, failed.Batches);
            return File.ReadAllLines(Assert.Single(failed.Paths)).Skip(1).Select(line => line.Split(',')[0]);
        }
    }

    [Fact]
    public void Nothing_is_written_where_nothing_failed()
    {
        using (_runs.Send(null, _runs.Write("crm.csv", Run.Numbered(15))))
            Assert.Empty(Write().Paths);
        Assert.False(File.Exists(Failed));
    }

    [Theory]
    [InlineData(DuplicateIdAction.Ignore, "rows 31 to 35 of ")]
    [InlineData(DuplicateIdAction.Merge, "")]
    public void Changed_source_is_named_and_nothing_is_left_behind(DuplicateIdAction duplicates, string place)
    {
        var file = _runs.Write("crm.csv", Run.Numbered(35));
        _runs.Wire.Emulator.Options.ForceStuck = true;
        using (_runs.Send(_runs.Options(duplicates: duplicates), file))
            File.WriteAllText(file, Run.Numbered(35).Replace("U34,34", "U34,43"));
        var failure = Assert.Throws<JournalException>(Write);
        Assert.Equal(JournalFault.OtherSource, failure.Fault);
        Assert.Contains(place + file, failure.Message);
        Assert.False(File.Exists(Failed));
    }

    [Fact]
    public void Pipeline_has_no_source_file_and_that_is_said()
    {
        _runs.Wire.Emulator.Options.ForceStuck = true;
        using (var run = new Run(_runs.Wire, _runs.Options()))
        {
            run.AddRow(("thirdPartyId", "U1"), ("a", "x"));
            run.Send.Complete(sourceEnded: true);
        }

        var failure = Assert.Throws<JournalException>(Write);
        Assert.Equal(JournalFault.NoSourceFile, failure.Fault);
        Assert.Contains("pipeline", failure.Message);
    }

    [Fact]
    public void Settings_of_the_run_are_kept()
    {
        var file = _runs.Write("crm.csv", "Kunde;Stufe;Mail;nichts\n1;gold;a@b;NULL\n2;NULL;;NULL\n3;silber;c@d;\nsumme\n");
        var utf16 = Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(File.ReadAllText(file))).ToArray();
        File.WriteAllBytes(file, utf16);
        _runs.Wire.Emulator.Options.ForceStuck = true;
        var mapping = new RowMapping { IdProperty = "Kunde", NullTexts = ["NULL"], HashedProperties = ["Mail"], ExcludedProperties = ["nichts"], Renamed = new Dictionary<string, string> { ["Stufe"] = "tier" } };
        using (var run = _runs.Send(Options(new CsvOptions { Delimiter = ';', SkipFooter = 1 }, mapping), file))
            Assert.Equal((2, 1), (run.Accounting.Accepted, run.Accounting.Empty));
        var failed = Write();
        Assert.Equal(2, failed.Rows);
        Assert.Equal($"-IdProperty Kunde -ExcludeProperty nichts -PropertyMap @{{ 'Stufe' = 'tier' }} -HashProperty Mail -NullText NULL -Delimiter ';' -ApiVersion V2", failed.SendAgain!.PowerShell.Split(' ', 3)[2].Split(' ', 2)[1]);
        Assert.Equal($"target-profiles send {Failed} --id-property Kunde --exclude-property nichts --property-map \"Stufe=tier\" --hash-property Mail --null-text NULL --delimiter \";\" --api-version v2", failed.SendAgain.CommandLine);
        Assert.Equal(["Kunde;Stufe;Mail;nichts;#row;#reason", "1;gold;a@b;NULL;1", "3;silber;c@d;;3"], File.ReadAllLines(Failed).Select((line, i) => i == 0 ? line : line[..line.LastIndexOf(';')]));
    }

    [Fact]
    public void Delimiter_of_a_sep_line_is_in_the_command_since_the_file_has_no_such_line()
    {
        _runs.Wire.Emulator.Options.ForceStuck = true;
        using (_runs.Send(null, _runs.Write("crm.csv", "sep=;\nthirdPartyId;a\nU1;x\n")))
            Assert.EndsWith(" --delimiter \";\" --api-version v2", Write().SendAgain!.CommandLine, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_failed_twice_are_written_again()
    {
        _runs.Wire.Emulator.Options.ForceStuck = true;
        using (_runs.Send(null, _runs.Write("crm.csv", Run.Numbered(5))))
            Assert.Equal(5, Write().Rows);
        File.Move(_runs.Journal, _runs.Journal + ".old");
        using (_runs.Send(null, Failed))
            Assert.Equal((5, 1), (Write().Rows, Write().Batches));
    }

    private SendOptions Options(CsvOptions csv, RowMapping? mapping = null) =>
        new() { Limits = new BatchLimits(rows: 10), JournalPath = _runs.Journal, Csv = csv, Mapping = mapping ?? new RowMapping(), ThrottleLimit = 1 };

    /// <summary>Asks for what is open, and writes what failed.</summary>
    private FailedRows Write()
    {
        _runs.Wire.Emulator.ProcessNow();
        using var poller = new BatchStatusPoller(_runs.Wire.Connection, new BatchStatusOptions { Wait = true });
        poller.AddJournal(TargetProfileJournal.Read(_runs.Journal));
        poller.Complete(() => { });
        return FailedRows.Write(_runs.Journal, [], Failed, default);
    }
}
