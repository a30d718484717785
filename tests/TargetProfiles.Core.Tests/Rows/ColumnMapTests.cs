using TargetProfiles.Rows;

namespace TargetProfiles.Core.Tests;

public sealed class ColumnMapTests
{
    [Theory]
    [InlineData("thirdPartyId", ProfileIdType.ThirdPartyId)]
    [InlineData("THIRDPARTYID", ProfileIdType.ThirdPartyId)]
    [InlineData("mbox3rdPartyId", ProfileIdType.ThirdPartyId)]
    [InlineData("pcid", ProfileIdType.PcId)]
    [InlineData("tntId", ProfileIdType.PcId)]
    public void Id_column_is_known_by_name_in_any_case(string name, ProfileIdType type)
    {
        var column = Map(new RowMapping()).Find(name);
        Assert.Equal((ColumnRole.Id, type), (column.Role, column.IdType));
    }

    [Fact]
    public void Named_id_column_holds_a_third_party_id_unless_told_otherwise()
    {
        Assert.Equal(ProfileIdType.ThirdPartyId, Map(new RowMapping { IdProperty = "CustomerID" }).Find("customerid").IdType);
        Assert.Equal(ProfileIdType.PcId, Map(new RowMapping { IdProperty = "tntId" }).Find("tntId").IdType);
        Assert.Equal(ProfileIdType.PcId, Map(new RowMapping { IdProperty = "x", IdType = ProfileIdType.PcId }).Find("x").IdType);
    }

    [Fact]
    public void Other_id_column_is_left_out_with_a_warning()
    {
        var warnings = new List<string>();
        var map = new ColumnMap(new RowMapping { IdProperty = "thirdPartyId" }, warnings.Add);
        Assert.Equal(ColumnRole.Ignored, map.Find("pcId").Role);
        Assert.Equal(ColumnRole.Ignored, map.Find("pcId").Role);
        Assert.Contains("'pcId'", Assert.Single(warnings));
    }

    [Theory]
    [InlineData("name", true)]
    [InlineData("NAME", true)]
    [InlineData("nick", false)]
    [InlineData("city1", true)]
    [InlineData("city", false)]
    [InlineData("a.b.c", true)]
    public void Properties_are_chosen_by_wildcards(string name, bool sent)
    {
        var map = Map(new RowMapping { Properties = ["name", "c?ty?", "a*c"] });
        Assert.Equal(sent ? ColumnRole.Attribute : ColumnRole.Ignored, map.Find(name).Role);
        Assert.Equal(ColumnRole.Id, map.Find("thirdPartyId").Role);
        var excluding = Map(new RowMapping { ExcludedProperties = ["name", "c?ty?", "a*c"] });
        Assert.Equal(sent ? ColumnRole.Ignored : ColumnRole.Attribute, excluding.Find(name).Role);
    }

    [Fact]
    public void Excluded_name_that_cannot_be_sent_is_no_fault() =>
        Assert.Equal(ColumnRole.Ignored, Map(new RowMapping { ExcludedProperties = ["n*"] }).Find(new string('n', 200)).Role);

    [Fact]
    public void Columns_are_renamed_in_any_case_also_to_the_id()
    {
        var map = Map(new RowMapping { Renamed = new Dictionary<string, string> { ["Kunde"] = "thirdPartyId", ["Stadt"] = "profile.city" } });
        Assert.Equal(ColumnRole.Id, map.Find("KUNDE").Role);
        Assert.Equal("city", map.AttributeNames[map.Find("stadt").Ordinal]);
    }

    [Fact]
    public void Profile_prefix_is_taken_off_with_one_warning()
    {
        var warnings = new List<string>();
        var map = new ColumnMap(new RowMapping(), warnings.Add);
        map.Find("profile.a");
        map.Find("Profile.b");
        Assert.Equal(["a", "b"], map.AttributeNames);
        Assert.Contains("'profile.a'", Assert.Single(warnings));
    }

    [Theory]
    [InlineData("a,b", "No id column", "a, b")]
    [InlineData("thirdPartyId,pcId", "Both 'thirdPartyId' and 'pcId'", "-IdProperty")]
    [InlineData("thirdPartyId,a,profile.a", "'a' and 'profile.a'", "same attribute")]
    public void Header_that_befalls_every_row_ends_the_file(string header, string what, string more)
    {
        var message = Assert.Throws<CsvFormatException>(() => CsvColumns.Of(header.Split(','), Map(new RowMapping()), "test.csv")).Message;
        Assert.StartsWith("test.csv", message);
        Assert.Contains(what, message);
        Assert.Contains(more, message);
    }

    [Fact]
    public void Missing_id_property_is_named_with_the_columns_there_are()
    {
        var map = Map(new RowMapping { IdProperty = "customer" });
        var message = Assert.Throws<CsvFormatException>(() => CsvColumns.Of([.. Enumerable.Range(0, 30).Select(i => $"c{i}")], map, "test.csv")).Message;
        Assert.Contains("'customer'", message);
        Assert.Contains("c19 and 10 more", message);
    }

    [Fact]
    public void Column_that_cannot_be_sent_is_named_with_its_position()
    {
        var message = Assert.Throws<CsvFormatException>(() => CsvColumns.Of(["thirdPartyId", "a\uFFFD"], Map(new RowMapping()), "test.csv")).Message;
        Assert.Contains("column 2", message);
        Assert.Contains("[name.damaged]", message);
    }

    private static ColumnMap Map(RowMapping mapping) => new(mapping, _ => { });
}
