namespace TargetProfiles.Core.Tests;

/// <summary>Rows whose id came before, where they are not merged.</summary>
public sealed class RepeatedRowTests : IDisposable
{
    private readonly Wire _wire = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("repeated").FullName;

    public void Dispose()
    {
        _wire.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Pipeline_rejects_them_and_names_the_row_but_only_rows_that_are_sent_count()
    {
        using var run = new Run(_wire);
        run.AddRow(("thirdPartyId", "U1"), ("a", ""));
        run.AddRow(("thirdPartyId", "U1"), ("a", new object()));
        run.AddRow(("thirdPartyId", "U1"), ("a", "1"));
        run.AddRow(("thirdPartyId", "U2"), ("a", "2"));
        run.AddRow(("thirdPartyId", "U1"), ("a", "secret"));
        run.Send.Complete(sourceEnded: true);
        Assert.Equal((2L, 2L, 1L), (run.Accounting.Accepted, run.Accounting.Rejected, run.Accounting.Empty));
        var finding = run.Findings[^1];
        Assert.Equal((5L, "id.duplicate", "thirdPartyId", RuleSeverity.Error), (finding.Row, finding.Rule, finding.Column, finding.Severity));
        Assert.StartsWith("The id stands in row 3 already.", finding.Message);
        Assert.All(run.Messages, message => Assert.DoesNotContain("secret", message.ToString()));
    }

    [Theory]
    [InlineData(DuplicateIdAction.Reject)]
    [InlineData(DuplicateIdAction.Warn)]
    [InlineData(DuplicateIdAction.Ignore)]
    public void Files_are_treated_as_asked(DuplicateIdAction action)
    {
        for (var seed = 200; seed < 215; seed++)
        {
            using var files = new RandomFiles(seed, $"R{action}{seed}-");
            using var run = new Run(_wire, new SendOptions { DuplicateIdAction = action, TellsEveryFinding = true, Csv = new CsvOptions { SkipFooter = files.SkipFooter } });
            run.Send.AddFiles(files.Paths);
            run.Send.Complete(sourceEnded: true);
            var sound = files.Rows.Where(row => row.IsSound && row.Values.Count > 0).Select(row => row.Id).ToList();
            var repeated = sound.Count - sound.Distinct().Count();
            Assert.Equal(action == DuplicateIdAction.Reject ? sound.Count - repeated : sound.Count, run.Accounting.Accepted);
            var told = run.Findings.Where(finding => finding.Rule == "id.duplicate").ToList();
            Assert.Equal(action == DuplicateIdAction.Ignore ? 0 : repeated, told.Count);
            Assert.All(told, finding => Assert.Equal(action == DuplicateIdAction.Warn ? RuleSeverity.Warning : RuleSeverity.Error, finding.Severity));
            Assert.Equal(0, run.Accounting.Merged);
        }
    }

    [Fact]
    public void Row_of_another_file_is_named_with_it_in_the_rejected_rows_too()
    {
        var rejected = Path.Combine(_folder, "rejected.csv");
        using var run = new Run(_wire, new SendOptions { DuplicateIdAction = DuplicateIdAction.Reject, RejectedPath = rejected });
        run.Send.AddFiles([Write("one.csv", "thirdPartyId,a\nU0,1\nU1,1\n"), Write("two.csv", "thirdPartyId,a\nU1,2\nU2,2\nU2,3\n")]);
        run.Send.Complete(sourceEnded: true);
        var text = File.ReadAllText(rejected);
        Assert.Contains("id.duplicate: column 'thirdPartyId': The id stands in row 2 of one.csv already.", text);
        Assert.Contains("The id stands in row 2 already.", text);
        Assert.Equal((3L, 2L), (run.Accounting.Accepted, run.Accounting.Rejected));
    }

    [Fact]
    public void Rows_of_the_pipeline_and_of_files_in_one_run_send_an_id_once()
    {
        using var run = new Run(_wire);
        run.AddRow(("thirdPartyId", "U1"), ("a", "1"));
        run.Send.AddFiles([Write("one.csv", "thirdPartyId,a\nU1,2\nU2,2\nU2,3\n")]);
        run.AddRow(("thirdPartyId", "U2"), ("a", "4"));
        run.AddRow(("thirdPartyId", "U3"), ("a", "5"));
        run.Send.AddFiles([Write("two.csv", "thirdPartyId,a\nU2,6\nU4,6\n")]);
        run.Send.Complete(sourceEnded: true);
        Assert.Equal((4L, 3L, 1L), (run.Accounting.Accepted, run.Accounting.Rejected, run.Accounting.Merged));
        Assert.Equal(["row 1 of the pipeline", "a row of one.csv", "a row of one.csv"], run.Findings.Select(finding => finding.Message.Split(" stands in ")[1].Split(" already")[0]));
    }

    [Fact]
    public void Merging_what_can_be_read_once_only_is_refused()
    {
        using var run = new Run(_wire, new SendOptions { DuplicateIdAction = DuplicateIdAction.Merge });
        Assert.Contains("Merge needs files", Assert.Throws<ArgumentException>(() => run.AddRow(("thirdPartyId", "U1"), ("a", "1"))).Message);
        Assert.Contains("Merge needs files", Assert.Throws<ArgumentException>(() => run.SendCsv("thirdPartyId,a\nU1,1\n")).Message);
        run.Send.Complete(sourceEnded: false);
        Assert.True(run.Accounting.IsBalanced);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(DuplicateIdAction.Merge)]
    public async Task Named_pipe_is_read_once_and_rejects_them(DuplicateIdAction? action)
    {
        // Windows has no named pipes in the file system.
        if (OperatingSystem.IsWindows())
            return;
        var pipe = Path.Combine(_folder, "pipe.csv");
        using (var make = System.Diagnostics.Process.Start("mkfifo", [pipe]))
            await make.WaitForExitAsync();
        using var run = new Run(_wire, new SendOptions { DuplicateIdAction = action });
        var writing = Task.Run(() => File.AppendAllText(pipe, "thirdPartyId,a\nU1,1\nU1,2\n"));
        if (action is null)
            run.Send.AddFiles([pipe]);
        else
            Assert.Contains("Merge needs files", Assert.Throws<ArgumentException>(() => run.Send.AddFiles([pipe])).Message);
        await writing.WaitAsync(Wire.Patience);
        run.Send.Complete(sourceEnded: action is null);
        Assert.Equal(action is null ? (1L, 1L) : (0L, 0L), (run.Accounting.Accepted, run.Accounting.Rejected));
        Assert.True(run.Accounting.IsBalanced);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
