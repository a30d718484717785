using TargetProfiles.Sending;

namespace TargetProfiles.Core.Tests;

public sealed class ProfileUpdateTests
{
    [Fact]
    public void Form_has_the_id_first_and_prefixed_names()
    {
        var update = Of(("grade", "gold & more"), ("profile.note", "5%"), ("Profile.x y", "ü"), ("empty", " "), ("none", null));
        Assert.Equal("mbox3rdPartyId=U%201&profile.grade=gold%20%26%20more&profile.note=5%25&profile.x%20y=%C3%BC", update.Form);
        Assert.Equal((3, update.Form.Length), (update.AttributeCount, update.Length));
        Assert.StartsWith("mboxPC=1", ProfileUpdate.Create(ProfileIdType.PcId, "1", [new("a", "b")]).Form);
    }

    [Theory]
    [InlineData(ProfileUpdateMethod.Post, ServiceLimits.MaxUpdatePostBytes)]
    [InlineData(ProfileUpdateMethod.Get, ServiceLimits.MaxUpdateGetBytes)]
    public void Size_limit_is_exact_and_counts_encoded_bytes(ProfileUpdateMethod method, int limit)
    {
        var room = limit - "mbox3rdPartyId=1&profile.a=".Length;
        ProfileUpdate Create(string value) => ProfileUpdate.Create(ProfileIdType.ThirdPartyId, "1", [new("a", value)], method);
        Assert.Equal(limit, Create(new string('x', room)).Length);
        Assert.Contains(method == ProfileUpdateMethod.Get ? "or use POST" : "by POST", Assert.Throws<ArgumentException>(() => Create(new string('x', room + 1))).Message);
        Assert.Throws<ArgumentException>(() => Create(new string('%', (room / 3) + 1)));
    }

    [Theory]
    [InlineData("a+b", "a", "1", "id.forbidden-character")]
    [InlineData(" ", "a", "1", "id.missing")]
    [InlineData("1", "", "1", "name.blank")]
    [InlineData("1", "profile.", "1", "name.blank")]
    [InlineData("1", "a", "secret \uFFFD", "text.damaged")]
    public void Rule_that_is_broken_is_named_without_the_value(string id, string name, string value, string rule)
    {
        var message = Assert.Throws<ArgumentException>(() => ProfileUpdate.Create(ProfileIdType.ThirdPartyId, id, [new(name, value)])).Message;
        Assert.Contains($"[{rule}]", message);
        Assert.DoesNotContain("secret", message);
    }

    [Fact]
    public void Same_name_twice_and_nothing_to_send_are_refused()
    {
        Assert.Contains("name.collision", Assert.Throws<ArgumentException>(() => Of(("a", "1"), ("profile.a", "2"))).Message);
        Assert.Contains("nothing to send", Assert.Throws<ArgumentException>(() => Of(("a", ""), ("b", null))).Message);
    }

    [Fact]
    public void Row_becomes_an_update_by_the_same_column_rules()
    {
        var row = new ProfileRow(new RowMapping { IdProperty = "id", ExcludedProperties = ["secret*"], Renamed = new Dictionary<string, string> { ["n"] = "name" } }, value => value, _ => { });
        Fill(row, ("id", 7), ("n", "x"), ("secret1", "s"), ("when", new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc)), ("list", new[] { 1, 2 }));
        Assert.Equal("mbox3rdPartyId=7&profile.name=x&profile.when=2026-01-02T03%3A04%3A05Z&profile.list=1%7C2", row.End(ProfileUpdateMethod.Post).Form);
        Fill(row, ("id", "8"));
        Assert.Equal("8", row.EndAsKey().ThirdPartyId);
    }

    [Fact]
    public void Row_that_cannot_be_an_update_says_why()
    {
        var row = new ProfileRow(new RowMapping(), value => value, _ => { });
        Fill(row, ("a", "1"));
        Assert.Contains("No id column", Assert.Throws<ArgumentException>(() => row.End(ProfileUpdateMethod.Post)).Message);
        Fill(row, ("pcId", "1"), ("thirdPartyId", "2"));
        Assert.Contains("Both 'pcId' and 'thirdPartyId'", Assert.Throws<ArgumentException>(() => row.End(ProfileUpdateMethod.Post)).Message);
        Fill(row, ("pcId", "1"), ("a", new object()));
        Assert.Contains("[value.nested]", Assert.Throws<ArgumentException>(() => row.End(ProfileUpdateMethod.Post)).Message);
        row.Begin();
        row.RejectSingleValue();
        Assert.Contains("single value", Assert.Throws<ArgumentException>(() => row.EndAsKey()).Message);
    }

    private static void Fill(ProfileRow row, params (string Name, object? Value)[] values)
    {
        row.Begin();
        foreach (var (name, value) in values)
            row.Add(name, value);
    }

    private static ProfileUpdate Of(params (string Name, string? Value)[] values) =>
        ProfileUpdate.Create(ProfileIdType.ThirdPartyId, "U 1", values.Select(pair => new KeyValuePair<string, string>(pair.Name, pair.Value!)));
}
