using System.Text;
using TargetProfiles.Emulator;
using TargetProfiles.Sending;

namespace TargetProfiles.Core.Tests;

/// <summary>Rows in, profiles out, over real HTTP.</summary>
public sealed class SendRunTests : IDisposable
{
    private readonly Wire _wire = new();
    private readonly List<string> _files = [];

    public void Dispose()
    {
        _wire.Dispose();
        _files.ForEach(System.IO.File.Delete);
    }

    [Fact]
    public void Csv_rows_become_profiles_value_by_value()
    {
        var random = new Random(2);
        string[] pieces = ["a", "é", "😀", ",", "\"", " ", "\r\n", "%", "+", "&", "=", "|", "\t"];
        var rows = Enumerable.Range(0, 3_000).Select(i => Enumerable.Range(0, 4).Select(_ => string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => pieces[random.Next(pieces.Length)]))).ToArray()).ToArray();
        var text = "pre,thirdPartyId,größe,Annual Income (k$),z\r\n" + string.Concat(rows.Select((row, i) => $"{Quoted(row[0])},U{i},{Quoted(row[1])},{Quoted(row[2])},{Quoted(row[3])}\r\n"));
        using var run = new Run(_wire, new SendOptions { Limits = new BatchLimits(rows: 700) });
        run.SendCsv(text);
        Assert.Equal(3_000, run.Accounting.Accepted + run.Accounting.Empty);
        Assert.True(run.Accounting.IsComplete);
        _wire.Emulator.ProcessNow();
        for (var i = 0; i < rows.Length; i++)
        {
            var expected = new[] { "pre", "größe", "Annual Income (k$)", "z" }.Zip(rows[i]).Where(pair => !string.IsNullOrWhiteSpace(pair.Second)).ToDictionary(pair => pair.First, pair => pair.Second);
            Assert.Equal(expected, _wire.Emulator.FindByThirdPartyId($"U{i}")?.Attributes ?? new Dictionary<string, string>());
        }
    }

    [Fact]
    public void File_and_pipeline_make_the_same_bytes()
    {
        const string Text = "thirdPartyId,a,b,profile.c\nU1, x,\"y \"\"z\"\"\",1\nU2,,w,\nU3,v\n";
        using var file = new Run(_wire);
        file.SendCsv(Text);
        using var pipeline = new Run(_wire);
        pipeline.AddRow(("thirdPartyId", "U1"), ("a", "x"), ("b", "y \"z\""), ("profile.c", "1"));
        pipeline.AddRow(("thirdPartyId", "U2"), ("a", ""), ("b", "w"), ("profile.c", ""));
        pipeline.AddRow(("thirdPartyId", "U3"), ("a", "v"), ("b", null), ("profile.c", null));
        pipeline.Send.Complete(true);
        Assert.Equal(file.Batches[0].Sha256, pipeline.Batches[0].Sha256);
        Assert.Equal([file.Batches[0].Sha256, file.Batches[0].Sha256], _wire.Submits.Select(request => request.BodySha256));
    }

    [Fact]
    public void Property_that_first_appears_in_a_late_row_arrives()
    {
        using var run = new Run(_wire);
        for (var i = 0; i < 20_000; i++)
            run.AddRow(("thirdPartyId", $"U{i}"), ("a", i));
        run.AddRow(("late", "yes"), ("thirdPartyId", "Ulate"));
        run.Send.Complete(true);
        _wire.Emulator.ProcessNow();
        Assert.Equal(new Dictionary<string, string> { ["late"] = "yes" }, _wire.Emulator.FindByThirdPartyId("Ulate")!.Attributes);
        Assert.Equal(20_001, _wire.Emulator.ProfileCount);
    }

    [Fact]
    public void Batches_are_told_in_their_order_whichever_is_done_first()
    {
        _wire.Play(FaultKind.DelayedReply, delay: TimeSpan.FromMilliseconds(300));
        _wire.Play(FaultKind.DelayedReply, delay: TimeSpan.FromMilliseconds(150), skip: 1);
        _wire.Play(FaultKind.ServerError, status: 500, skip: 2, times: 2);
        using var run = new Run(_wire, new SendOptions { Limits = new BatchLimits(rows: 10), ThrottleLimit = 4 });
        run.SendCsv(Run.Numbered(300));
        run.Balances();
        Assert.Equal(30, run.Batches.Count);
        Assert.Equal(Enumerable.Range(0, 30).Select(i => (10L * i) + 1), run.Batches.Select(batch => batch.FirstRow));
        Assert.Equal(run.Batches.Select(batch => batch.BatchId).Order(), _wire.Emulator.Batches.Where(batch => run.Batches.Any(told => told.BatchId == batch.BatchId)).Select(batch => batch.BatchId).Order());
    }

    [Fact]
    public void Rejected_rows_are_told_by_file_row_line_and_column_and_never_by_their_data()
    {
        using var run = new Run(_wire);
        run.SendCsv("thirdPartyId,a\nU1,\"two\nlines\"\nsecret+1,x\nU2,y,surplus-secret\nU3,\"secret\" open\nU4,z\n,secret\n");
        Assert.Equal(["id.forbidden-character", "csv.surplus-field", "csv.text-after-quote", "id.missing"], run.Findings.Select(finding => finding.Rule));
        Assert.Equal([(2L, 4L), (3L, 5L), (4L, 6L), (6L, 8L)], run.Findings.Select(finding => (finding.Row, finding.Line!.Value)));
        Assert.Equal(["thirdPartyId", "#3", "a", "thirdPartyId"], run.Findings.Select(finding => finding.Column));
        Assert.All(run.Findings, finding => Assert.Equal("test.csv", finding.Source));
        Assert.All(run.Messages, message => Assert.DoesNotContain("secret", message.ToString()));
        Assert.Equal((6L, 2L, 4L), (run.Accounting.Read, run.Accounting.Accepted, run.Accounting.Rejected));
        _wire.Emulator.ProcessNow();
        Assert.Equal(["U1", "U4"], _wire.Emulator.Profiles.Select(profile => profile.ThirdPartyId));
    }

    [Fact]
    public void Rejected_rows_beyond_the_first_twenty_are_counted_by_rule()
    {
        using var run = new Run(_wire);
        run.SendCsv("thirdPartyId,a\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"U+{i},x\n")) + ",x\nU1,y\n");
        Assert.Equal(20, run.Findings.Count);
        Assert.Contains(run.Warnings, text => text.Contains("11 more rows") && text.Contains("id.forbidden-character: 10") && text.Contains("id.missing: 1"));
        Assert.Equal((32L, 31L, 1L), (run.Accounting.Read, run.Accounting.Rejected, run.Accounting.Accepted));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1_000_000)]
    public void File_read_in_the_wrong_encoding_stops_before_anything_is_sent(int rowsOfABatch)
    {
        var bytes = Encoding.Latin1.GetBytes("thirdPartyId,a\n" + string.Concat(Enumerable.Range(0, 1_000).Select(i => $"U{i},{(i % 3 == 0 ? "größe" : "x")}\n")));
        using var run = new Run(_wire, new SendOptions { Limits = new BatchLimits(rows: Math.Min(rowsOfABatch, ServiceLimits.MaxBatchRows)) });
        Assert.Contains("-Encoding windows-1252", Assert.Throws<InvalidDataException>(() => run.SendCsv(bytes)).Message);
        Assert.False(run.Send.CanContinue);
        run.Send.Complete(sourceEnded: false);
        Assert.Empty(_wire.Submits);
        Assert.True(run.Accounting.IsBalanced, run.Accounting.ToString());
        Assert.Equal(0, run.Accounting.Accepted);
    }

    [Theory]
    [InlineData("")]
    [InlineData("thirdPartyId,a\r\n")]
    [InlineData("\uFEFF\r\n\r\n")]
    public void File_without_rows_is_a_warning(string text)
    {
        using var run = new Run(_wire);
        run.SendCsv(text);
        Assert.Contains("test.csv has no rows", Assert.Single(run.Warnings));
        Assert.True(run.Accounting.IsComplete);
        Assert.Empty(_wire.Submits);
    }

    [Fact]
    public void Empty_rows_are_counted_and_not_sent()
    {
        using var run = new Run(_wire);
        run.SendCsv("thirdPartyId,a,b\nU1, ,\nU2\nU3,,x\n");
        Assert.Equal((3L, 2L, 1L), (run.Accounting.Read, run.Accounting.Empty, run.Accounting.Accepted));
        Assert.True(run.Accounting.IsComplete);
    }

    [Fact]
    public void First_object_without_id_column_ends_the_run_and_the_books_still_balance()
    {
        using var run = new Run(_wire);
        Assert.Contains("Found: name, a", Assert.Throws<ArgumentException>(() => run.AddRow(("name", "x"), ("a", "1"))).Message);
        run.Send.Complete(sourceEnded: false);
        Assert.True(run.Accounting.IsBalanced, run.Accounting.ToString());
        using var ambiguous = new Run(_wire);
        Assert.Contains("Both 'pcId' and 'tntId'", Assert.Throws<ArgumentException>(() => ambiguous.AddRow(("pcId", "1"), ("tntId", "2"))).Message);
    }

    [Fact]
    public void Plan_tells_what_the_run_would_do_and_sends_nothing()
    {
        var options = new SendOptions { Limits = new BatchLimits(rows: 10), PlanOnly = true };
        const string Extra = ",bad\nU31\n";
        var live = SendRun.LiveCount;
        using var plan = new Run(_wire, options);
        plan.SendCsv(Run.Numbered(30) + Extra);
        Assert.Empty(_wire.Emulator.Requests);
        using var run = new Run(_wire, new SendOptions { Limits = options.Limits });
        run.SendCsv(Run.Numbered(30) + Extra);
        Assert.Equal((32L, 1L, 1L, 3), (plan.Send.Plan.Rows, plan.Send.Plan.Rejected, plan.Send.Plan.Empty, plan.Send.Plan.Batches));
        Assert.Equal(run.Batches.Sum(batch => batch.Bytes), plan.Send.Plan.Bytes);
        Assert.Equal(run.Findings.Select(finding => finding.ToString()), plan.Findings.Select(finding => finding.ToString()));
    }

    [Fact]
    public void Bad_batch_file_between_good_ones_is_refused_and_the_good_ones_are_sent_and_told()
    {
        using var run = new Run(_wire);
        run.Send.AddBatchFile(File("batch=thirdPartyId,a\nU1,x\nU2,y\n"));
        Assert.Throws<InvalidDataException>(() => run.Send.AddBatchFile(File("thirdPartyId,a\nU9,x\n")));
        run.Send.AddBatchFile(File("batch=thirdPartyId,a\nU3,z\n"));
        run.Send.Complete(sourceEnded: true);
        run.Balances();
        Assert.Equal([(1, 1L, 2L), (2, 3L, 3L)], run.Batches.Select(batch => (batch.Number, batch.FirstRow, batch.LastRow)));
        Assert.Equal(2, run.Send.Progress.BatchesDone);
    }

    [Fact]
    public void Files_of_different_columns_share_a_run_and_count_their_own_rows()
    {
        using var run = new Run(_wire);
        run.Send.AddFile(File("thirdPartyId,a\nU1,x\n"));
        run.Send.AddFile(File("b,THIRDPARTYID\ny,U2\nz,+\n"));
        run.Send.Complete(sourceEnded: true);
        Assert.Equal((3L, 2L, 2L), (run.Accounting.Read, run.Accounting.Accepted, run.Findings.Single().Row));
        Assert.Equal(Path.GetFileName(_files[1]), run.Findings[0].Source);
        _wire.Emulator.ProcessNow();
        Assert.Equal("y", _wire.Emulator.FindByThirdPartyId("U2")!.Attributes["b"]);
        Assert.Throws<FileNotFoundException>(() => run.Send.AddFile(_files[0] + ".none"));
    }

    [Fact]
    public void Commas_and_long_values_are_warned_of_once()
    {
        using var run = new Run(_wire);
        run.SendCsv($"thirdPartyId,a,b\nU1,\"x,y\",{new string('x', 300)}\nU2,\"z,\",1\n");
        Assert.Single(run.Warnings, text => text.Contains("comma") && text.Contains('2'));
        Assert.Single(run.Warnings, text => text.Contains("256 characters") && text.Contains('1'));
    }

    private string File(string text)
    {
        var path = Path.Combine(Path.GetTempPath(), $"rows-{Guid.NewGuid():N}.csv");
        System.IO.File.WriteAllText(path, text);
        _files.Add(path);
        return path;
    }

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"")}\"";
}
