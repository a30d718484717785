namespace TargetProfiles.Core.Tests;

/// <summary>Rows kept for a comparison must be what was sent, hashed, emptied and merged as the send does.</summary>
public sealed class SampledRunTests : IDisposable
{
    private readonly Wire _wire = new();

    public void Dispose() => _wire.Dispose();

    [Fact]
    public void Sample_matches_where_columns_are_hashed_and_texts_count_as_empty()
    {
        var mapping = new RowMapping { IdProperty = "email", HashedProperties = ["email", "phone"], NullTexts = ["NULL"] };
        using var run = new Run(_wire, new SendOptions { SampleSize = 10, Mapping = mapping });
        run.SendCsv("email,phone,tier,city\nAnna@Example.com,0049 30 1,gold,NULL\nbo@example.com,NULL,red,Rome\n");
        _wire.Emulator.ProcessNow();
        Assert.Equal(2, run.Accounting.Accepted);
        Assert.Equal(2, run.Send.CompareSample(_ => { }).Match);
    }

    [Fact]
    public void Sample_is_even_repeatable_and_found_in_the_profiles()
    {
        var (sent, again) = (Sample(), Sample());
        Assert.Equal(20, sent.Select(compared => compared.ThirdPartyId).Distinct().Count());
        Assert.Equal(sent.Select(compared => compared.ThirdPartyId), again.Select(compared => compared.ThirdPartyId));
        Assert.Contains(sent, compared => compared.Row > 500);
        Assert.All(sent, compared => Assert.Equal(ComparisonOutcome.Match, compared.Outcome));

        List<TargetProfileComparison> Sample()
        {
            using var run = new Run(_wire, new SendOptions { SampleSize = 20 });
            run.SendCsv(Run.Numbered(1000));
            _wire.Emulator.ProcessNow();
            var compared = new List<TargetProfileComparison>();
            Assert.Equal(20, run.Send.CompareSample(compared.Add).Match);
            return compared;
        }
    }
}
