using FsCheck.Fluent;
using TargetProfiles.Rows;

namespace TargetProfiles.Core.Tests;

/// <summary>Several texts in one, and back.</summary>
public class CsvFieldsTests
{
    [Fact]
    public void Any_list_of_texts_comes_back() =>
        Generators.Check(Gen.ArrayOf(Generators.Text), texts => CsvFields.Split(CsvFields.Join(texts)).SequenceEqual(texts), tests: 1000);

    [Theory]
    [InlineData("")]
    [InlineData("\"\"", "")]
    [InlineData(",", "", "")]
    [InlineData("tier,annual income (k$)", "tier", "annual income (k$)")]
    [InlineData("\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\"", "a,b", "say \"hi\"", "two\nlines")]
    [InlineData("\" a\",\"a\t\",\" \"", " a", "a\t", " ")]
    public void Texts_are_quoted_where_they_would_not_come_back_otherwise(string record, params string[] texts)
    {
        Assert.Equal(record, CsvFields.Join(texts));
        Assert.Equal(texts, CsvFields.Split(record));
    }
}
