using System.Text;
using TargetProfiles.Batches;
using TargetProfiles.Profiles;

namespace TargetProfiles.Core.Tests;

/// <summary>Each rule at its edge: what just passes and what just fails.</summary>
public sealed class RowRuleTests : IDisposable
{
    private const string Emoji = "😀";
    private readonly Packing _packing = new();

    public void Dispose() => _packing.Dispose();

    public static TheoryData<string, string?, string?> ThirdPartyIds() => new()
    {
        { "letters", "U1", null },
        { "blanks inside", "a b", null },
        { "missing", null, "id.missing" },
        { "empty", "", "id.missing" },
        { "blanks", " \t", "id.missing" },
        { "no-break spaces", "\u00A0\u202F\u3000", "id.missing" },
        { "256 characters", new string('x', 256), null },
        { "257 characters", new string('x', 257), "id.too-long" },
        { "256 of two bytes", new string('é', 256), null },
        { "257 of two bytes", new string('é', 257), "id.too-long" },
        { "256 UTF-16 units of emoji", Repeat(Emoji, 128), null },
        { "258 UTF-16 units of emoji", Repeat(Emoji, 129), "id.too-long" },
        { "plus", "a+b", "id.forbidden-character" },
        { "slash", "a/b", "id.forbidden-character" },
        { "percent", "a%2Bb", null },
        { "line feed", "a\nb", "id.control-character" },
        { "NUL", "a\0", "id.control-character" },
        { "delete", "a\u007F", "id.control-character" },
        { "C1 control", "a\u0085b", "id.control-character" },
        { "just above C1", "a\u00A0b", null },
        { "replacement character", "a\uFFFD", "text.damaged" },
        { "high surrogate alone", "a\uD83D", "text.damaged" },
        { "low surrogate alone", "\uDE00a", "text.damaged" },
    };

    [Theory]
    [MemberData(nameof(ThirdPartyIds))]
    public void Third_party_id(string what, string? id, string? rule) =>
        Assert.True(rule == _packing.Rejected(("thirdPartyId", id), ("a", "1")), what);

    [Theory]
    [InlineData(128, null)]
    [InlineData(129, "id.too-long")]
    public void Pc_id_length(int length, string? rule) =>
        Assert.Equal(rule, _packing.Rejected(("pcId", new string('1', length)), ("a", "1")));

    [Fact]
    public void Pc_id_may_hold_what_a_third_party_id_may_not() =>
        Assert.Equal(RowResult.Added, _packing.Add(("pcId", "1/2+3.28_0"), ("a", "1")));

    [Fact]
    public void Two_id_columns_in_a_row_are_ambiguous()
    {
        Assert.Equal("id.ambiguous", _packing.Rejected(("thirdPartyId", "1"), ("pcId", "2"), ("a", "1")));
        Assert.Equal("pcId", _packing.Encoder.FaultColumn);
    }

    [Fact]
    public void Row_of_another_id_type_than_the_first_is_rejected()
    {
        _packing.Add(("thirdPartyId", "1"), ("a", "1"));
        Assert.Equal("id.type-mixed", _packing.Rejected(("pcId", "2"), ("a", "1")));
        Assert.Equal(RowResult.Added, _packing.Add(("mbox3rdPartyId", "3"), ("a", "1")));
    }

    [Fact]
    public void Row_without_id_column_is_rejected() =>
        Assert.Equal("id.missing", _packing.Rejected(("a", "1")));

    public static TheoryData<string, string, string?> Names() => new()
    {
        { "128 characters", new string('n', 128), null },
        { "129 characters", new string('n', 129), "name.too-long" },
        { "128 UTF-16 units of emoji", Repeat(Emoji, 64), null },
        { "130 UTF-16 units of emoji", Repeat(Emoji, 65), "name.too-long" },
        { "128 characters behind the prefix", "profile." + new string('n', 128), null },
        { "blank", " ", "name.blank" },
        { "only the prefix", "profile.", "name.blank" },
        { "dots", "address.city", null },
        { "replacement character", "n\uFFFD", "name.damaged" },
        { "lone surrogate", "n\uD83D", "name.damaged" },
        { "lone low surrogate", "\uDE00n", "name.damaged" },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Attribute_name(string what, string name, string? rule)
    {
        Assert.True(rule == _packing.Rejected(("thirdPartyId", "1"), (name, "1")), what);
        Assert.True(_packing.Rejected(("thirdPartyId", "2"), (name, " "), ("other", "1")) is null, $"{what}: empty there, so it does not matter");
    }

    [Fact]
    public void Names_that_lead_to_one_attribute_collide()
    {
        Assert.Equal("name.collision", _packing.Rejected(("thirdPartyId", "1"), ("a", "1"), ("profile.a", "2")));
        Assert.Null(_packing.Rejected(("thirdPartyId", "2"), ("a", ""), ("profile.a", "2")));
        Assert.Null(_packing.Rejected(("thirdPartyId", "3"), ("A", "1"), ("a", "2")));
        _packing.Seal();
        Assert.True(_packing.Rows.First().Is("2", new Dictionary<string, string> { ["a"] = "2" }));
    }

    public static TheoryData<string, object?, string?> Values() => new()
    {
        { "control characters", "a\0\u0001\u007F", null },
        { "emoji", Emoji, null },
        { "replacement character", "a\uFFFDb", "text.damaged" },
        { "high surrogate alone", "\uD83D!", "text.damaged" },
        { "low surrogate alone", "!\uDE00", "text.damaged" },
        { "object", new { City = "x" }, "value.nested" },
        { "dictionary", new Dictionary<string, string>(), "value.nested" },
        { "list of lists", new object[] { new[] { 1 } }, "value.nested" },
        { "list", new[] { 1, 2 }, null },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Attribute_value(string what, object? value, string? rule)
    {
        Assert.True(rule == _packing.Rejected(("thirdPartyId", "1"), ("a", value)), what);
        Assert.Equal(rule is null ? null : "a", _packing.Encoder.FaultColumn);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("\u00A0")]
    [InlineData("\t\r\n\u0085\u1680\u2000\u200A\u2028\u2029\u202F\u205F\u3000")]
    public void Row_of_blank_values_is_empty(string blank) =>
        Assert.Equal(RowResult.Empty, _packing.Add(("thirdPartyId", "1"), ("a", blank), ("b", null), ("c", DBNull.Value)));

    [Theory]
    [InlineData("\u200B")]
    [InlineData("\u180E")]
    [InlineData("\0")]
    [InlineData("\uFEFF")]
    public void Invisible_text_is_text(string text) =>
        Assert.Equal(RowResult.Added, _packing.Add(("thirdPartyId", "1"), ("a", text)));

    [Fact]
    public void White_space_is_what_the_runtime_calls_so()
    {
        for (var c = 1; c < 0xFFFD; c++)
        {
            if (!char.IsSurrogate((char)c))
                Assert.True(char.IsWhiteSpace((char)c) == Utf8Text.IsBlank(Encoding.UTF8.GetBytes(((char)c).ToString())), $"U+{c:X4}");
        }
    }

    [Fact]
    public void Row_of_64_kilobytes_passes_and_one_byte_more_does_not()
    {
        const string Id = "12345678";
        var half = (65_536 - Id.Length) / 2;
        Assert.Null(_packing.Rejected(("thirdPartyId", Id), ("a", new string('x', half)), ("b", new string('x', half))));
        Assert.Equal("row.too-large", _packing.Rejected(("thirdPartyId", Id), ("a", new string('x', half)), ("b", new string('x', half + 1))));
        Assert.Equal("row.too-large", _packing.Rejected(("a", new string('x', half)), ("b", new string('x', half + 1)), ("thirdPartyId", Id)));
        Assert.Equal("row.too-large", _packing.Rejected(("thirdPartyId", Id), ("a", new string('é', half + 1))));
    }

    [Fact]
    public void First_fault_of_a_row_is_the_one_told()
    {
        Assert.Equal("id.forbidden-character", _packing.Rejected(("thirdPartyId", "a+b"), ("a", new object())));
        Assert.Equal("value.nested", _packing.Rejected(("a", new object()), ("thirdPartyId", "a+b")));
    }

    [Fact]
    public void Rejected_row_leaves_nothing_behind()
    {
        _packing.Add(("thirdPartyId", "1"), ("a", "1"), ("b", "1"));
        _packing.Add(("a", "secret"), ("thirdPartyId", "+"));
        _packing.Add(("thirdPartyId", "2"), ("b", "2"));
        _packing.Seal();
        Assert.Equal(2, _packing.Rows.Count());
        Assert.True(_packing.Rows.Last().Is("2", new Dictionary<string, string> { ["b"] = "2" }));
    }

    [Theory]
    [InlineData(256, 0)]
    [InlineData(257, 1)]
    public void Long_values_are_counted_not_rejected(int length, int counted)
    {
        Assert.Null(_packing.Rejected(("thirdPartyId", "1"), ("a", new string('é', length)), ("b", Repeat(Emoji, 128))));
        Assert.Equal(counted, _packing.Encoder.Warnings.Count(warning => warning.Rule.Id == "value.long"));
    }

    [Fact]
    public void Every_rule_has_an_id_of_its_own_and_says_what_to_do()
    {
        var rules = RowRule.All;
        Assert.Equal(rules.Count, rules.Select(rule => rule.Id).Distinct().Count());
        Assert.All(rules, rule => Assert.Matches("^[a-z]+\\.[a-z-]+$", rule.Id));
        Assert.All(rules, rule => Assert.EndsWith(".", rule.Requirement));
    }

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
