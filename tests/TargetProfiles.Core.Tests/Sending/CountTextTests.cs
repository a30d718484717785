using TargetProfiles.Sending;

namespace TargetProfiles.Core.Tests;

public sealed class CountTextTests
{
    [Theory]
    [InlineData(0, "0 rows")]
    [InlineData(1, "1 row")]
    [InlineData(1_000, "1,000 rows")]
    public void Only_one_is_singular(long count, string text) => Assert.Equal(text, CountText.Of(count, "row"));

    [Fact]
    public void Plural_is_as_English_has_it() => Assert.Equal(("2 batches", "2 rows were"), (CountText.Of(2, "batch"), CountText.Of(2, "row was", "rows were")));

    [Fact]
    public void Check_of_one_row_counts_in_the_singular() => Assert.Equal("1 row checked: 0 errors, 1 warning.", CheckText.Of(1, 0, 1));
}
