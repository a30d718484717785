namespace TargetProfiles.Core.Tests;

/// <summary>Rows kept for a comparison must be what was sent, hashed and emptied as the columns say.</summary>
public sealed class SampledRunTests : IDisposable
{
    private readonly Wire _wire = new();

    public void Dispose() => _wire.Dispose();

    [Fact]
    public async Task Sample_matches_where_columns_are_hashed_and_texts_count_as_empty()
    {
        var mapping = new RowMapping { IdProperty = "email", HashedProperties = ["email", "phone"], NullTexts = ["NULL"] };
        using var run = new Run(_wire, new SendOptions { SampleSize = 10, Mapping = mapping });
        run.SendCsv("email,phone,tier,city\nAnna@Example.com,0049 30 1,gold,NULL\nbo@example.com,NULL,red,Rome\n");
        _wire.Emulator.ProcessNow();
        Assert.Equal(2, run.Accounting.Accepted);
        Assert.Equal(2, run.Send.Sample.Count);
        foreach (var row in run.Send.Sample)
            Assert.True((await TargetProfiles.Sending.SampleCheck.CompareAsync(row, new TargetProfiles.Sending.ServiceCalls(_wire.Connection), default)).IsMatch);
    }
}
