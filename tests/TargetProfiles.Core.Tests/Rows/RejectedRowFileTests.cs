using System.Text;

namespace TargetProfiles.Core.Tests;

/// <summary>Rejected rows on the disk: whole, with the reason, and fit to be sent again once corrected.</summary>
public sealed class RejectedRowFileTests : IDisposable
{
    private readonly Wire _wire = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("rejected").FullName;

    private string RejectedPath => Path.Combine(_folder, "rejected.csv");

    public void Dispose()
    {
        _wire.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Rejected_rows_stand_in_the_file_as_they_stood_in_the_source()
    {
        using var run = Send("thirdPartyId;city;note\nU1;Rome;x\na+b; \"Sao; Paulo\" ;\"two\nlines\"\nU2;Oslo;y\n;Bern\nU3;a;b;c\n", new CsvOptions { Delimiter = ';' });
        var text = File.ReadAllText(RejectedPath);
        Assert.StartsWith("thirdPartyId;city;note;#row;#reason\na+b; \"Sao; Paulo\" ;\"two\nlines\";2;", text);
        Assert.Contains("\n;Bern;;4;", text);
        Assert.Contains("\nU3;a;b;c;5;csv.surplus-field", text);
        Assert.Equal((5, 2, 3), (run.Accounting.Read, run.Accounting.Accepted, run.Accounting.Rejected));
    }

    [Fact]
    public void Rejected_rows_are_handled_then_told_once_and_not_one_by_one()
    {
        using var run = Send("thirdPartyId,a\n" + string.Concat(Enumerable.Repeat("a+b,1\n", 30)));
        Assert.Empty(run.Findings);
        var warning = Assert.Single(run.Warnings);
        Assert.Contains("30 rows", warning);
        Assert.Contains(RejectedPath, warning);
    }

    [Fact]
    public void Corrected_file_is_sent_without_the_added_columns()
    {
        using (Send("thirdPartyId,a\na+b,1\nU2,2\n"))
        {
        }

        var corrected = Path.Combine(_folder, "corrected.csv");
        File.WriteAllText(corrected, File.ReadAllText(RejectedPath).Replace("a+b", "a-b", StringComparison.Ordinal));
        using var again = new Run(_wire);
        again.Send.AddFile(corrected);
        again.Send.Complete(sourceEnded: true);
        Assert.True(again.Accounting.IsComplete);
        _wire.Emulator.ProcessNow();
        Assert.Equal(["a"], _wire.Emulator.FindByThirdPartyId("a-b")!.Attributes.Keys);
    }

    [Fact]
    public void File_that_exists_is_never_written_to()
    {
        File.WriteAllText(RejectedPath, "edited by hand");
        using var run = Send("thirdPartyId,a\na+b,1\n");
        Assert.Equal("edited by hand", File.ReadAllText(RejectedPath));
        Assert.Contains("a+b,1,1,", File.ReadAllText(Path.Combine(_folder, "rejected.2.csv")));
    }

    [Fact]
    public void Run_without_rejected_rows_leaves_no_file()
    {
        using var run = Send("thirdPartyId,a\nU1,1\n");
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void Rows_of_objects_are_written_with_their_names()
    {
        using var run = new Run(_wire, new SendOptions { RejectedPath = RejectedPath });
        run.AddRow(("thirdPartyId", "U1"), ("a", 1));
        run.AddRow(("thirdPartyId", "x/y"), ("a", "say \"hi\", twice"), ("when", new DateTime(2026, 1, 2)));
        run.AddRow(("thirdPartyId", "x+y"), ("other", true));
        run.Send.Complete(sourceEnded: true);
        Assert.StartsWith("thirdPartyId,a,when,#row,#reason\nx/y,\"say \"\"hi\"\", twice\",2026-01-02T00:00:00,2,", File.ReadAllText(RejectedPath));
        Assert.StartsWith("thirdPartyId,other,#row,#reason\nx+y,true,3,", File.ReadAllText(Path.Combine(_folder, "rejected.2.csv")));
    }

#if !NETSTANDARD_BUILD
    [Fact]
    public void File_is_its_owners_alone()
    {
        using var run = Send("thirdPartyId,a\na+b,1\n");
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(RejectedPath));
    }
#endif

    [Fact]
    public void Line_longer_than_a_record_may_be_is_written_whole()
    {
        var line = "U1," + new string('x', 3_000_000);
        using var run = Send($"thirdPartyId,a\n{line}\nU2,2\n");
        Assert.Contains($"\n{line},1,\"row.too-large", File.ReadAllText(RejectedPath));
        Assert.Equal(1, run.Accounting.Accepted);
    }

    [Fact]
    public void Row_with_a_list_that_cannot_be_listed_is_rejected_and_written()
    {
        using var run = new Run(_wire, new SendOptions { RejectedPath = RejectedPath });
        run.AddRow(("thirdPartyId", "U1"), ("a", "kept"), ("b", Failing()));
        run.AddRow(("thirdPartyId", "U2"), ("a", "1"), ("b", null));
        run.Send.Complete(sourceEnded: true);
        Assert.Equal((1, 1), (run.Accounting.Accepted, run.Accounting.Rejected));
        Assert.Contains("\nU1,kept,", File.ReadAllText(RejectedPath));
        Assert.Contains("value.unreadable", File.ReadAllText(RejectedPath));

        static IEnumerable<string> Failing()
        {
            yield return "x";
            throw new InvalidOperationException();
        }
    }

    [Fact]
    public void Plan_tells_rejected_rows_one_by_one_since_no_file_is_written()
    {
        using var run = new Run(_wire, new SendOptions { PlanOnly = true, RejectedPath = RejectedPath });
        run.SendCsv("thirdPartyId,a\na+b,1\nU2,2\n");
        Assert.Single(run.Findings);
        Assert.Empty(run.Warnings);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void Run_that_is_mostly_wrong_stops()
    {
        using var run = new Run(_wire, new SendOptions { RejectedPath = RejectedPath, MaxRejected = 10, Limits = new BatchLimits(rows: 5) });
        run.SendCsv("thirdPartyId,a\n" + string.Concat(Enumerable.Range(1, 100).Select(i => i > 20 ? "a+b,1\n" : $"U{i},1\n")));
        Assert.IsType<InvalidDataException>(run.Send.Failure);
        Assert.Equal((31, 11), (run.Accounting.Read, run.Accounting.Rejected));
        Assert.False(run.Accounting.SourceEnded);
        run.Balances();
    }

    [Fact]
    public void Check_tells_every_finding_and_writes_no_file()
    {
        using var run = new Run(_wire, new SendOptions { PlanOnly = true, TellsEveryFinding = true, RejectedPath = RejectedPath });
        run.SendCsv("thirdPartyId,a\n" + string.Concat(Enumerable.Repeat("a+b,1\n", 30)) + "U1,\"x,y\"\n");
        Assert.Equal(31, run.Findings.Count);
        Assert.Equal(RuleSeverity.Warning, run.Findings[^1].Severity);
        Assert.Empty(Directory.GetFiles(_folder));
        Assert.Empty(_wire.Emulator.Batches);
    }

    private Run Send(string csv, CsvOptions? options = null)
    {
        var run = new Run(_wire, new SendOptions { RejectedPath = RejectedPath, Csv = options ?? new CsvOptions() });
        run.SendCsv(Encoding.UTF8.GetBytes(csv));
        Assert.True(run.Accounting.IsBalanced);
        run.Send.Dispose();
        return run;
    }
}
