namespace TargetProfiles.Core.Tests;

/// <summary>A column that was named and is not there: sent in clear, or missing, if nobody says so.</summary>
public sealed class ColumnChoiceTests : IDisposable
{
    private readonly Wire _wire = new();

    public static TheoryData<string, RowMapping> Choices() => new()
    {
        { "-Property", new RowMapping { Properties = ["tier", "typo"] } },
        { "-ExcludeProperty", new RowMapping { ExcludedProperties = ["typo"] } },
        { "-HashProperty", new RowMapping { HashedProperties = ["typo"] } },
        { "-PropertyMap", new RowMapping { Renamed = new Dictionary<string, string> { ["typo"] = "x" } } },
    };

    public void Dispose() => _wire.Dispose();

    [Theory]
    [MemberData(nameof(Choices))]
    public void Name_that_no_column_has_ends_the_run_before_anything_is_sent(string option, RowMapping mapping)
    {
        using var file = new Run(_wire, new SendOptions { Mapping = mapping });
        var fromFile = Assert.Throws<CsvFormatException>(() => file.SendCsv("thirdPartyId,tier\nU1,gold\n"));
        using var rows = new Run(_wire, new SendOptions { Mapping = mapping });
        var fromRows = Assert.Throws<ArgumentException>(() => rows.AddRow(("thirdPartyId", "U1"), ("tier", "gold")));
        Assert.All([fromFile.Message, fromRows.Message], message =>
        {
            Assert.Contains($"{option} names 'typo'", message);
            Assert.Contains("thirdPartyId, tier", message);
        });
        Assert.Empty(_wire.Emulator.Batches);
    }

    [Fact]
    public void Wildcard_may_match_nothing()
    {
        using var run = new Run(_wire, new SendOptions { Mapping = new RowMapping { ExcludedProperties = ["typo*"], Properties = ["TIER"] } });
        run.SendCsv("thirdPartyId,tier\nU1,gold\n");
        Assert.True(run.Accounting.IsComplete);
    }
}
