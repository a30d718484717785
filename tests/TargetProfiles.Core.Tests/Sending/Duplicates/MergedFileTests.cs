using System.Text;
using TargetProfiles.Batches;
using TargetProfiles.Profiles;
using TargetProfiles.Rows;
using TargetProfiles.Sending.Duplicates;

namespace TargetProfiles.Core.Tests;

/// <summary>Rows of one id in files become one row.</summary>
public sealed class MergedFileTests : IDisposable
{
    private readonly Wire _wire = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("merged").FullName;

    public void Dispose()
    {
        _wire.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Random_files_arrive_as_the_model_says_and_every_row_is_accounted_for()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var prefix = $"S{seed}-";
            using var files = new RandomFiles(seed, prefix);
            using var run = new Run(_wire, Options(files));
            run.Send.AddFiles(files.Paths);
            run.Send.Complete(sourceEnded: true);
            _wire.Emulator.ProcessNow();
            var expected = files.Merged();
            var sound = files.Rows.Count(row => row.IsSound && row.Values.Count > 0);
            Assert.Equal(
                (files.Rows.Count, expected.Count, sound - expected.Count, files.Rows.Count(row => !row.IsSound), files.Rows.Count(row => row.IsSound && row.Values.Count == 0)),
                (run.Accounting.Read, run.Accounting.Accepted, run.Accounting.Merged, run.Accounting.Rejected, run.Accounting.Empty));
            var stored = _wire.Emulator.Profiles.Where(profile => profile.ThirdPartyId!.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(profile => profile.ThirdPartyId!, profile => profile.Attributes);
            Assert.Equal(expected.Keys.Order(), stored.Keys.Order());
            Assert.All(expected, row => Assert.Equal(row.Value.OrderBy(value => value.Key), stored[row.Key].OrderBy(value => value.Key)));
        }
    }

    [Fact]
    public void Fate_of_a_row_does_not_depend_on_the_rows_visited_before_it()
    {
        for (var seed = 100; seed < 130; seed++)
        {
            using var files = new RandomFiles(seed, "U");
            Assert.Equal(Fates(files, isFreshForEachRow: false), Fates(files, isFreshForEachRow: true));
        }
    }

    [Fact]
    public void First_sound_row_carries_the_last_values_across_files()
    {
        using var run = Merge("thirdPartyId,a,b\nU1,,\nU1,1,2\nU2,x,\n", "b,thirdPartyId,c\n,U1,3\n4,U1,\"q,\"\"q\"\"\"\n");
        Assert.Equal((5L, 2L, 2L, 1L), (run.Accounting.Read, run.Accounting.Accepted, run.Accounting.Merged, run.Accounting.Empty));
        Assert.Equal([("a", "1"), ("b", "4"), ("c", "q,\"q\"")], Stored("U1"));
        Assert.Contains(run.Messages.OfType<Sending.RunMessage.Detail>(), detail => detail.Text == "2 rows were merged into earlier rows of the same id.");
    }

    [Fact]
    public void Ids_of_one_visitor_with_other_location_hints_are_one()
    {
        using var run = Merge("pcId,a,b\nabc.28_20,1,\nabc.28_21,,2\nabcd,3,\n");
        Assert.Equal((2L, 1L), (run.Accounting.Accepted, run.Accounting.Merged));
    }

    [Fact]
    public void Rows_that_are_too_large_together_are_rejected_all_of_them()
    {
        var half = new string('x', 40_000);
        using var run = Merge($"thirdPartyId,a,b\nU1,{half},\nU2,1,\nU1,,{half}\nU1,,\n");
        Assert.Equal((1L, 2L, 1L, 0L), (run.Accounting.Accepted, run.Accounting.Rejected, run.Accounting.Empty, run.Accounting.Merged));
        Assert.Equal([(1L, "row.too-large"), (3L, "row.too-large")], run.Findings.Select(finding => (finding.Row, finding.Rule)));
        Assert.All(run.Findings, finding => Assert.StartsWith("Together with the other rows of the same id", finding.Message));
    }

    [Fact]
    public void Hashed_and_empty_texts_are_compared_as_they_are_sent()
    {
        var mapping = new RowMapping { IdProperty = "email", HashedProperties = ["email"], NullTexts = ["NULL"] };
        using var run = Merge(new SendOptions { Mapping = mapping }, "email,a,b\nA@x.org,1,2\n a@X.ORG,NULL,3\nNULL,5,5\n");
        Assert.Equal((1L, 1L, 1L), (run.Accounting.Accepted, run.Accounting.Merged, run.Accounting.Rejected));
        Assert.Equal([("a", "1"), ("b", "3")], Stored(Encoding.ASCII.GetString(HashedText.Of("a@x.org"u8))));
    }

    [Fact]
    public void Code_pages_and_given_headers_are_merged_too()
    {
        var path = Write("latin.csv", "Müller,größe,\nU2,y,\nMüller,,ä\n", Encoding.Latin1);
        using var run = new Run(_wire, new SendOptions { Csv = new CsvOptions { Encoding = Encoding.Latin1, Header = ["thirdPartyId", "a", "b"] } });
        run.Send.AddFiles([path]);
        run.Send.Complete(sourceEnded: true);
        Assert.Equal((2L, 1L), (run.Accounting.Accepted, run.Accounting.Merged));
        Assert.Equal([("a", "größe"), ("b", "ä")], Stored("Müller"));
    }

    [Theory]
    [InlineData("thirdPartyId,a\nU1,1\nU3,2\nU1,3\n")]
    [InlineData("thirdPartyId,a\nU1,1\n")]
    public void File_that_changes_between_the_passes_ends_the_run(string now)
    {
        var path = Write("rows.csv", "thirdPartyId,a\nU1,1\nU2,2\nU1,3\n");
        using var run = new Run(_wire);
        run.Send.BeginFiles([path]);
        File.WriteAllText(path, now);
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddSeconds(5));
        Assert.Contains("has changed", Assert.Throws<IOException>(() => run.Send.AddFile(path)).Message);
        run.Send.Complete(sourceEnded: false);
        Assert.True(run.Accounting.IsBalanced);
        Assert.Empty(_wire.Submits);
    }

    [Fact]
    public void Id_that_is_no_longer_where_it_was_ends_the_run_with_its_books_right()
    {
        var path = Write("rows.csv", "thirdPartyId,a\nU1,1\nU2,2\nU1,3\n");
        var written = File.GetLastWriteTimeUtc(path);
        using var run = new Run(_wire);
        run.Send.BeginFiles([path]);
        File.WriteAllText(path, "thirdPartyId,a\nU1,1\nU2,2\nU9,3\n");
        File.SetLastWriteTimeUtc(path, written);
        Assert.Contains("has changed", Assert.Throws<IOException>(() => run.Send.AddFile(path)).Message);
        run.Send.Complete(sourceEnded: false);
        Assert.True(run.Accounting.IsBalanced, run.Accounting.ToString());
    }

    [Fact]
    public void File_that_cannot_be_read_has_no_part_in_the_rows_before_it()
    {
        var first = Write("first.csv", "thirdPartyId,a\nU1,1\n");
        var second = Write("second.csv", "thirdPartyId,a,A\nU1,2,3\n");
        using var run = new Run(_wire);
        Assert.Throws<CsvFormatException>(() => run.Send.AddFiles([first, second]));
        run.Send.Complete(sourceEnded: false);
        Assert.Equal((1L, 1L), (run.Accounting.Read, run.Accounting.Accepted));
        Assert.Equal([("a", "1")], Stored("U1"));
    }

    [Fact]
    public void File_that_is_not_there_does_not_hold_back_the_rows_before_it()
    {
        var first = Write("first.csv", "thirdPartyId,a\nU1,1\nU1,2\n");
        using var run = new Run(_wire);
        Assert.Throws<FileNotFoundException>(() => run.Send.AddFiles([first, first + ".none"]));
        run.Send.Complete(sourceEnded: false);
        Assert.Equal((1L, 1L), (run.Accounting.Accepted, run.Accounting.Merged));
    }

    [Fact]
    public void Merged_rows_are_part_of_the_plan()
    {
        var path = Write("rows.csv", "thirdPartyId,a\nU1,1\nU2,2\nU1,3\n");
        using var run = new Run(_wire, new SendOptions { PlanOnly = true });
        run.Send.AddFiles([path]);
        run.Send.Complete(sourceEnded: true);
        Assert.Equal((3L, 1L), (run.Send.Plan.Rows, run.Send.Plan.Merged));
        Assert.StartsWith("Send 2 of 3 rows", run.Send.Plan.ToString());
    }

    [Fact]
    public void First_reading_ends_with_cancelling()
    {
        var path = Write("rows.csv", "thirdPartyId,a\n" + string.Concat(Enumerable.Repeat("U1,1\n", 200_000)));
        using var run = new Run(_wire);
        run.Send.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => run.Send.BeginFiles([path]));
    }

    private static List<RowFate> Fates(RandomFiles files, bool isFreshForEachRow)
    {
        var csv = new CsvOptions { SkipFooter = files.SkipFooter };
        var map = new ColumnMap(new RowMapping(), _ => { });
        using var builder = new BatchBuilder(new BatchLimits(), map.AttributeNames);
        var fingerprint = new IdFingerprint();
        using var index = new FileIndex(fingerprint, map, csv, isHashed: false, default);
        index.Add(files.Paths, null, _ => { });
        RowMerger Merger() => new(index, fingerprint, map.FieldText, () => new RowEncoder(map, builder), default);
        var shared = Merger();
        var row = new RowEncoder(map, builder);
        var fates = new List<RowFate>();
        foreach (var path in files.Paths)
        {
            var file = index.Take(path)!;
            using var reader = new CsvReader(file.Open(), file.Name, file.Csv);
            while (reader.Read())
            {
                row.Begin();
                for (var i = 0; i < reader.FieldCount && reader.Fault is null; i++)
                    row.Add(file.Columns[i], reader.Field(i));
                if (reader.Fault is not null || row.Judge() != RowResult.Added)
                    continue;
                var merger = isFreshForEachRow ? Merger() : shared;
                fates.Add(merger.FateOf(file, reader.RecordOffset, row));
                if (isFreshForEachRow)
                    merger.Dispose();
            }
        }

        shared.Dispose();
        return fates;
    }

    private static SendOptions Options(RandomFiles files) => new() { Csv = new CsvOptions { SkipFooter = files.SkipFooter } };

    private Run Merge(params string[] texts) => Merge(new SendOptions(), texts);

    private Run Merge(SendOptions options, params string[] texts)
    {
        var run = new Run(_wire, options);
        run.Send.AddFiles([.. texts.Select((text, i) => Write($"rows-{i}.csv", text))]);
        run.Send.Complete(sourceEnded: true);
        _wire.Emulator.ProcessNow();
        return run;
    }

    private IEnumerable<(string, string)> Stored(string id)
    {
        _wire.Emulator.ProcessNow();
        return _wire.Emulator.FindByThirdPartyId(id)!.Attributes.OrderBy(value => value.Key, StringComparer.Ordinal).Select(value => (value.Key, value.Value));
    }

    private string Write(string name, string text, Encoding? encoding = null)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text, encoding ?? new UTF8Encoding(false));
        return path;
    }
}
