using TargetProfiles.Emulator;

namespace TargetProfiles.Core.Tests;

/// <summary>The same command again: it goes on where it ended, and nothing that was accepted is sent twice.</summary>
public sealed class ResumeTests : IDisposable
{
    private readonly JournalRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Complete_run_is_not_sent_again()
    {
        var file = _runs.Write("crm.csv", Run.Numbered(25));
        using (var first = _runs.Send(null, file))
            Assert.Equal((25, 25), (first.Accounting.Read, first.Accounting.Accepted));
        using var second = _runs.Send(null, file);
        Assert.NotNull(second.Send.SentBefore);
        Assert.Equal((25, 25, true), (second.Accounting.Read, second.Accounting.Accepted, second.Accounting.IsComplete));
        Assert.Equal(3, _runs.Bodies.Count);
        Assert.Empty(second.Batches);
    }

    [Fact]
    public void Journal_tells_the_hash_of_a_file_whose_ids_were_read_before()
    {
        var file = _runs.Write("crm.csv", Run.Numbered(25));
        _runs.Send(null, file).Dispose();
        var expected = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file))).ToLowerInvariant();
        Assert.Contains($"\"sha256\":\"{expected}\",\"whole\"", File.ReadAllText(_runs.Journal));
    }

    [Fact]
    public void Killed_run_goes_on_behind_what_was_accepted()
    {
        var file = _runs.Write("crm.csv", Run.Numbered(95));
        _runs.SendUntil(4, _runs.Options(), file);
        var before = _runs.Bodies.Count;
        Assert.InRange(before, 4, 6);
        using var second = _runs.Send(null, file);
        Assert.Equal((95, 95, true), (second.Accounting.Read, second.Accounting.Accepted, second.Accounting.IsComplete));
        Assert.Equal(95, _runs.StoredIds.Count());
        Assert.Equal(10, _runs.Bodies.Distinct().Count());
        Assert.Equal(10, second.Batches[^1].Number);
    }

    [Fact]
    public void Batch_whose_outcome_is_unknown_is_sent_again_and_first()
    {
        var file = _runs.Write("crm.csv", Run.Numbered(45));
        _runs.Wire.Play(FaultKind.ApplyAndClose, times: 3, skip: 1);
        using (var first = _runs.Send(null, file))
        {
            Assert.NotNull(first.Send.Failure);
            Assert.Equal((10, 10), (first.Accounting.Accepted, first.Accounting.Uncertain));
            Assert.True(first.Accounting.IsBalanced);
        }

        using var second = _runs.Send(null, file);
        Assert.Equal((45, 45), (second.Accounting.Read, second.Accounting.Accepted));
        Assert.Equal([2, 3, 4, 5], second.Batches.Select(batch => batch.Number));
        Assert.Equal((11, 20), (second.Batches[0].FirstRow, second.Batches[0].LastRow));
        Assert.Equal(45, _runs.StoredIds.Count());
    }

    [Theory]
    [InlineData(26, "U25,25", DuplicateIdAction.Merge)]
    [InlineData(26, "U25,25", DuplicateIdAction.Ignore)]
    [InlineData(25, "U25,52", DuplicateIdAction.Merge)]
    [InlineData(25, "U25,52", DuplicateIdAction.Ignore)]
    [InlineData(24, "", DuplicateIdAction.Merge)]
    [InlineData(24, "", DuplicateIdAction.Ignore)]
    public void Changed_file_after_a_complete_run_is_a_new_run_with_a_journal_of_its_own(int rows, string last, DuplicateIdAction duplicates)
    {
        var options = _runs.Options(duplicates: duplicates);
        var file = _runs.Write("crm.csv", Run.Numbered(25));
        _runs.Send(options, file).Dispose();
        _runs.Write("crm.csv", Run.Numbered(rows).Replace("U25,25", last));
        using var second = _runs.Send(options, file);
        Assert.Null(second.Send.SentBefore);
        Assert.Equal((rows, rows), (second.Accounting.Read, second.Accounting.Accepted));
        Assert.True(File.Exists(Path.Combine(_runs.Folder, "run.2.journal")));
    }

    [Fact]
    public void Resend_sends_a_complete_run_again()
    {
        var file = _runs.Write("crm.csv", Run.Numbered(5));
        _runs.Send(null, file).Dispose();
        using var second = _runs.Send(_runs.Options(resend: true), file);
        Assert.Equal(5, second.Accounting.Accepted);
        Assert.Equal(2, _runs.Bodies.Count);
    }

    [Theory]
    [InlineData("reordered")]
    [InlineData("shortened")]
    [InlineData("edited")]
    [InlineData("renamed column")]
    public void Changed_file_of_an_incomplete_run_is_refused_and_named(string change)
    {
        var text = Run.Numbered(95);
        var file = _runs.Write("crm.csv", text);
        _runs.SendUntil(4, _runs.Options(), file);
        var lines = text.Split('\n');
        _runs.Write("crm.csv", change switch
        {
            "reordered" => string.Join('\n', lines.Take(1).Concat(lines.Skip(1).Reverse())),
            "shortened" => string.Join('\n', lines.Take(20)),
            "edited" => text.Replace("U7,7", "U7,8", StringComparison.Ordinal),
            _ => text.Replace("thirdPartyId,a", "thirdPartyId,b", StringComparison.Ordinal),
        });
        using var second = new Run(_runs.Wire, _runs.Options());
        var refused = Assert.Throws<JournalException>(() => second.Send.AddFile(file));
        Assert.Equal(JournalFault.OtherSource, refused.Fault);
        Assert.Contains("crm.csv", refused.Message);
        second.Send.Complete(sourceEnded: false);
        Assert.Empty(second.Batches);
        Assert.True(second.Accounting.IsBalanced);
    }

    [Fact]
    public void Rows_appended_to_the_file_of_an_incomplete_run_are_sent()
    {
        var file = _runs.Write("crm.csv", Run.Numbered(45));
        _runs.SendUntil(2, _runs.Options(duplicates: DuplicateIdAction.Reject), file);
        _runs.Write("crm.csv", Run.Numbered(60));
        using var second = _runs.Send(_runs.Options(duplicates: DuplicateIdAction.Reject), file);
        Assert.Equal((60, 60, true), (second.Accounting.Read, second.Accounting.Accepted, second.Accounting.IsComplete));
        Assert.Equal(60, _runs.StoredIds.Count());
    }

    [Fact]
    public void File_that_grew_after_it_was_read_to_its_end_is_refused_before_a_new_row_is_sent()
    {
        var file = _runs.Write("crm.csv", Run.Numbered(25));
        _runs.Wire.Play(FaultKind.ApplyAndClose, times: 3, skip: 2);
        using (var first = _runs.Send(_runs.Options(duplicates: DuplicateIdAction.Reject), file))
            Assert.Equal((20, 5), (first.Accounting.Accepted, first.Accounting.Uncertain));
        _runs.Write("crm.csv", Run.Numbered(95));
        var before = _runs.Bodies.Count;
        using var second = new Run(_runs.Wire, _runs.Options(duplicates: DuplicateIdAction.Reject));
        var refused = Assert.Throws<JournalException>(() => second.Send.AddFile(file));
        Assert.Contains("had 25 rows and has more", refused.Message);
        second.Send.Complete(sourceEnded: false);
        Assert.InRange(_runs.Bodies.Count - before, 0, 1);
        Assert.Equal((25, true), (second.Accounting.Read, second.Accounting.IsBalanced));
        _runs.Write("crm.csv", Run.Numbered(25));
        using var third = _runs.Send(_runs.Options(duplicates: DuplicateIdAction.Reject), file);
        Assert.Equal((25, 25, true), (third.Accounting.Read, third.Accounting.Accepted, third.Accounting.IsComplete));
    }

    [Fact]
    public void Where_rows_of_one_id_are_merged_the_file_of_an_incomplete_run_must_not_even_grow()
    {
        var file = _runs.Write("crm.csv", Run.Numbered(45));
        _runs.SendUntil(2, _runs.Options(), file);
        _runs.Write("crm.csv", Run.Numbered(60));
        using var second = new Run(_runs.Wire, _runs.Options());
        var refused = Assert.Throws<JournalException>(() => second.Send.AddFile(file));
        Assert.Equal(JournalFault.OtherSource, refused.Fault);
        Assert.Contains("crm.csv is not as it was", refused.Message);
    }

    [Fact]
    public void Rows_of_one_id_are_merged_the_same_however_often_the_run_is_killed()
    {
        string[] files = [.. Enumerable.Range(0, 3).Select(i => _runs.Write($"part{i}.csv", "thirdPartyId,a,b\n" + string.Concat(Enumerable.Range(0, 20).Select(row => $"U{row},{(row % 3 == i ? $"a{i}" : "")},b{i}\n"))))];
        for (var kill = 1; kill <= 2; kill++)
            _runs.SendUntil(1, _runs.Options(batchRows: 4), files);
        using var last = _runs.Send(_runs.Options(batchRows: 4), files);
        Assert.Equal((60, 20, 40, true), (last.Accounting.Read, last.Accounting.Accepted, last.Accounting.Merged, last.Accounting.IsComplete));
        Assert.Equal(5, _runs.Bodies.Distinct().Count());
        _runs.Wire.Emulator.ProcessNow();
        for (var row = 0; row < 20; row++)
            Assert.Equal(($"a{row % 3}", "b2"), (Attribute(row, "a"), Attribute(row, "b")));
        string Attribute(int row, string name) => _runs.Wire.Emulator.FindByThirdPartyId($"U{row}")!.Attributes[name];
    }

    [Fact]
    public void Row_that_repeats_an_id_is_rejected_though_the_first_one_was_sent_by_an_earlier_command()
    {
        var file = _runs.Write("crm.csv", Run.Numbered(45) + "U3,again\n");
        _runs.SendUntil(2, _runs.Options(duplicates: DuplicateIdAction.Reject), file);
        using var second = _runs.Send(_runs.Options(duplicates: DuplicateIdAction.Reject), file);
        Assert.Equal((46, 45, 1), (second.Accounting.Read, second.Accounting.Accepted, second.Accounting.Rejected));
        Assert.Contains("row 3", Assert.Single(second.Findings).Message);
    }

    [Fact]
    public void Other_settings_are_refused_by_name()
    {
        var file = _runs.Write("crm.csv", Run.Numbered(45));
        _runs.SendUntil(2, _runs.Options(), file);
        var refused = Assert.Throws<JournalException>(() => new Run(_runs.Wire, _runs.Options(batchRows: 20)));
        Assert.Equal(JournalFault.OtherSettings, refused.Fault);
        Assert.Contains("-MaxBatchRows was '10' and is '20'", refused.Message);
    }

    [Fact]
    public void Restart_begins_anew_and_keeps_the_old_journal()
    {
        var file = _runs.Write("crm.csv", Run.Numbered(45));
        _runs.SendUntil(2, _runs.Options(), file);
        var old = File.ReadAllBytes(_runs.Journal);
        using var second = _runs.Send(_runs.Options(batchRows: 20, restart: true), file);
        Assert.Equal((45, 45), (second.Accounting.Read, second.Accounting.Accepted));
        Assert.Equal(old, File.ReadAllBytes(Path.Combine(_runs.Folder, "run.2.journal")));
    }

    [Fact]
    public void Restart_moves_no_file_aside_that_is_no_journal()
    {
        var file = _runs.Write("run.journal", Run.Numbered(5));
        var refused = Assert.Throws<JournalException>(() => new Run(_runs.Wire, _runs.Options(restart: true)));
        Assert.Contains("is no journal", refused.Message);
        Assert.Equal(Run.Numbered(5), File.ReadAllText(file));
    }

    [Fact]
    public void Batch_that_cannot_be_made_again_is_refused_and_accounted_for()
    {
        var file = _runs.Write("crm.csv", Run.Numbered(30));
        _runs.Wire.Play(FaultKind.ApplyAndClose, times: 3, skip: 1);
        _runs.Send(null, file).Dispose();
        var lines = File.ReadAllLines(_runs.Journal);
        var changed = lines.Select(line => line.Contains("\"sending\"", StringComparison.Ordinal) ? Resigned(line.Replace("\"sha256\":\"", "\"sha256\":\"0", StringComparison.Ordinal)) : line);
        File.WriteAllText(_runs.Journal, string.Join('\n', changed) + "\n");
        using var second = new Run(_runs.Wire, _runs.Options());
        var refused = Assert.Throws<JournalException>(() => second.Send.AddFile(file));
        Assert.Contains("do not make the same batch", refused.Message);
        second.Send.Complete(sourceEnded: false);
        Assert.Equal((30, 10, 10, 10), (second.Accounting.Read, second.Accounting.Accepted, second.Accounting.Uncertain, second.Accounting.NotSent));

        static string Resigned(string line)
        {
            var text = line[..line.IndexOf(",\"check\"", StringComparison.Ordinal)];
            var check = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text))).ToLowerInvariant()[..16];
            return $"{text},\"check\":\"{check}\"}}";
        }
    }

    [Fact]
    public void Second_run_on_one_journal_is_refused()
    {
        using var first = new Run(_runs.Wire, _runs.Options());
        foreach (var options in new[] { _runs.Options(), _runs.Options(restart: true) })
            Assert.Equal(JournalFault.InUse, Assert.Throws<JournalException>(() => new Run(_runs.Wire, options)).Fault);
    }

    [Fact]
    public void Several_files_share_batches_and_go_on_in_the_middle_of_one()
    {
        string[] files = [.. Enumerable.Range(0, 7).Select(i => _runs.Write($"part{i}.csv", "thirdPartyId,a\n" + string.Concat(Enumerable.Range(0, 8).Select(row => $"F{i}R{row},x{i}{row}\n"))))];
        for (var kill = 1; kill <= 3; kill++)
            _runs.SendUntil(1, _runs.Options(batchRows: 12), files);
        using var last = _runs.Send(_runs.Options(batchRows: 12), files);
        Assert.Equal((56, 56, true), (last.Accounting.Read, last.Accounting.Accepted, last.Accounting.IsComplete));
        Assert.Equal(56, _runs.StoredIds.Count());
        Assert.Equal(5, _runs.Bodies.Distinct().Count());
        using var again = _runs.Send(_runs.Options(batchRows: 12), files);
        Assert.NotNull(again.Send.SentBefore);
    }

    [Fact]
    public void Rows_of_the_pipeline_go_on_when_they_come_again()
    {
        void AddRows(Run run, int rows, Func<int, string>? value = null)
        {
            for (var i = 1; i <= rows; i++)
                run.AddRow(("thirdPartyId", $"U{i}"), ("a", value?.Invoke(i) ?? $"{i}"), (i > 20 ? "late" : "a2", "x"));
        }

        using (var first = new Run(_runs.Wire, _runs.Options()))
        {
            AddRows(first, 33);
            first.Send.Cancel();
            Assert.Throws<OperationCanceledException>(() => first.Send.Complete(sourceEnded: false));
        }

        using (var other = new Run(_runs.Wire, _runs.Options()))
            Assert.Throws<JournalException>(() => AddRows(other, 33, i => i == 5 ? "other" : $"{i}"));

        using var second = new Run(_runs.Wire, _runs.Options());
        AddRows(second, 45);
        second.Send.Complete(sourceEnded: true);
        Assert.Equal((45, 45, true), (second.Accounting.Read, second.Accounting.Accepted, second.Accounting.IsComplete));
        Assert.Equal(45, _runs.StoredIds.Count());
        Assert.Equal(5, _runs.Bodies.Distinct().Count());
        Assert.Equal("x", _runs.Wire.Emulator.FindByThirdPartyId("U45")!.Attributes["late"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rows_that_are_read_only_once_are_not_sent_again_if_all_are_the_same(bool isPipeline)
    {
        var text = Odd(45);
        SendOnce(text, isPipeline).Dispose();
        var before = _runs.Bodies.Count;
        using var second = SendOnce(text, isPipeline);
        Assert.NotNull(second.Send.SentBefore);
        Assert.Equal((45, 41, 4), (second.Accounting.Read, second.Accounting.Accepted, second.Accounting.Rejected));
        Assert.True(second.Accounting.SourceEnded);
        Assert.Equal(before, _runs.Bodies.Count);
        Assert.Equal([_runs.Rejected], Directory.GetFiles(_runs.Folder, "rejected*"));
    }

    [Theory]
    [InlineData(false, 46)]
    [InlineData(true, 46)]
    [InlineData(false, 44)]
    [InlineData(true, 44)]
    [InlineData(false, 22)]
    [InlineData(true, 5)]
    public void Rows_that_are_read_only_once_are_all_sent_if_one_is_missing_or_new(bool isPipeline, int rows)
    {
        SendOnce(Odd(45), isPipeline).Dispose();
        var before = _runs.Bodies.Count;
        using var second = SendOnce(Odd(rows), isPipeline);
        Assert.Null(second.Send.SentBefore);
        Assert.Equal((rows, rows / 10, true), (second.Accounting.Read, second.Accounting.Rejected, second.Accounting.SourceEnded));
        Assert.Equal(rows, second.Accounting.Accepted + second.Accounting.Rejected);
        Assert.Equal(second.Batches.Count, _runs.Bodies.Count - before);
        Assert.Equal(rows / 10, rows < 10 ? 0 : File.ReadLines(Path.Combine(_runs.Folder, "rejected.2.csv")).Count() - 1);
        using var third = SendOnce(Odd(rows), isPipeline);
        Assert.NotNull(third.Send.SentBefore);
    }

    [Fact]
    public void Rows_that_are_held_are_not_sent_if_the_source_does_not_end()
    {
        SendOnce(Odd(45), isPipeline: true).Dispose();
        var before = _runs.Bodies.Count;
        using var second = new Run(_runs.Wire, _runs.Options());
        AddRows(second, Odd(25));
        second.Send.Cancel();
        Assert.Throws<OperationCanceledException>(() => second.Send.Complete(sourceEnded: false));
        Assert.True(second.Accounting.IsBalanced, second.Accounting.ToString());
        Assert.Equal(before, _runs.Bodies.Count);
        using var third = SendOnce(Odd(45), isPipeline: true);
        Assert.NotNull(third.Send.SentBefore);
    }

    /// <summary>Rows of which every tenth is rejected.</summary>
    private static string Odd(int rows) =>
        "thirdPartyId,a\n" + string.Concat(Enumerable.Range(1, rows).Select(i => $"{(i % 10 == 0 ? "bad+" : "U")}{i},{i}\n"));

    private static void AddRows(Run run, string text)
    {
        foreach (var fields in text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')))
            run.AddRow(("thirdPartyId", fields[0]), ("a", fields[1]));
    }

    private Run SendOnce(string text, bool isPipeline)
    {
        var run = new Run(_runs.Wire, _runs.Options(rejects: true));
        if (isPipeline)
            AddRows(run, text);
        else
            run.Send.AddCsv(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)), "standard input");
        run.Send.Complete(sourceEnded: true);
        return run;
    }

    [Fact]
    public void Rejected_rows_stand_in_the_file_once_however_often_the_run_is_killed()
    {
        var file = _runs.Write("crm.csv", "thirdPartyId,a\n" + string.Concat(Enumerable.Range(1, 60).Select(i => $"{(i % 3 == 0 ? $"bad+{i}" : $"U{i}")},{i}\n")));
        for (var kill = 1; kill <= 2; kill++)
            _runs.SendUntil(1, _runs.Options(rejects: true), file);
        using var last = _runs.Send(_runs.Options(rejects: true), file);
        Assert.Equal((60, 40, 20), (last.Accounting.Read, last.Accounting.Accepted, last.Accounting.Rejected));
        Assert.Equal([_runs.Rejected], Directory.GetFiles(_runs.Folder, "rejected*"));
        Assert.Equal(Enumerable.Range(1, 20).Select(i => $"bad+{i * 3}"), File.ReadLines(_runs.Rejected).Skip(1).Select(line => line[..line.IndexOf(',')]));
    }

    [Fact]
    public void Rejected_rows_that_were_corrected_by_hand_are_not_overwritten()
    {
        var file = _runs.Write("crm.csv", "thirdPartyId,a\n" + string.Concat(Enumerable.Range(1, 60).Select(i => $"{(i % 3 == 0 ? $"bad+{i}" : $"U{i}")},{i}\n")));
        _runs.SendUntil(1, _runs.Options(rejects: true), file);
        var corrected = File.ReadAllText(_runs.Rejected).Replace("bad+3", "good-3", StringComparison.Ordinal);
        File.WriteAllText(_runs.Rejected, corrected);
        using var last = _runs.Send(_runs.Options(rejects: true), file);
        Assert.Equal(20, last.Accounting.Rejected);
        Assert.Equal(corrected, File.ReadAllText(_runs.Rejected));
        Assert.Contains("bad+60", File.ReadAllText(Path.Combine(_runs.Folder, "rejected.2.csv")));
    }

    [Fact]
    public void File_of_rejected_rows_that_is_in_use_keeps_the_journal_from_nobody()
    {
        var file = _runs.Write("crm.csv", Odd(60));
        _runs.SendUntil(2, _runs.Options(rejects: true), file);
        using (new FileStream(_runs.Rejected, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            for (var attempt = 1; attempt <= 2; attempt++)
                Assert.Throws<IOException>(() => new Run(_runs.Wire, _runs.Options(rejects: true)));
        }

        using var last = _runs.Send(_runs.Options(rejects: true), file);
        Assert.Equal((60, 54, 6), (last.Accounting.Read, last.Accounting.Accepted, last.Accounting.Rejected));
    }

    [Fact]
    public void Batch_files_go_on_behind_what_was_accepted()
    {
        string[] files = [.. Enumerable.Range(0, 4).Select(i => _runs.Write($"batch{i}.txt", $"batch=thirdPartyId,a\nU{i},x\n"))];
        _runs.Wire.Play(FaultKind.ApplyAndClose, times: 3, skip: 2);
        using (var first = Send())
            Assert.Equal((2, 1), (first.Accounting.Accepted, first.Accounting.Uncertain));
        using (var second = Send())
            Assert.Equal((4, 4, true), (second.Accounting.Read, second.Accounting.Accepted, second.Accounting.IsComplete));
        Assert.Equal(4, _runs.StoredIds.Count());

        Run Send()
        {
            var run = new Run(_runs.Wire, _runs.Options());
            foreach (var file in files.TakeWhile(_ => run.Send.CanContinue))
                run.Send.AddBatchFile(file);
            run.Send.Complete(sourceEnded: run.Send.CanContinue);
            return run;
        }
    }
}
