using System.Security.Cryptography;
using System.Text;
using TargetProfiles.Profiles;

namespace TargetProfiles.Core.Tests;

/// <summary>What spreadsheets, databases and people leave in a column: told apart from what is sound.</summary>
public sealed class SuspiciousRowTests : IDisposable
{
    private Packing _packing = new();

    public void Dispose() => _packing.Dispose();

    [Theory]
    [InlineData("1.23457E+11", "id.spreadsheet-number")]
    [InlineData("1,23457E+11", "id.spreadsheet-number")]
    [InlineData("1E+11", "id.spreadsheet-number")]
    [InlineData("9.9e-05", "id.spreadsheet-number")]
    [InlineData("1.23457E11", null)]
    [InlineData("12.3E-11", null)]
    [InlineData("E-11", null)]
    [InlineData("A1E-5", null)]
    [InlineData("NULL", "id.placeholder")]
    [InlineData("null", "id.placeholder")]
    [InlineData("#N/A", "id.placeholder")]
    [InlineData("#REF!", "id.placeholder")]
    [InlineData("\\N", "id.placeholder")]
    [InlineData("NaN", "id.placeholder")]
    [InlineData("Nancy", null)]
    [InlineData("NULL1", null)]
    [InlineData("Total", "id.total-line")]
    [InlineData("Grand Total:", "id.total-line")]
    [InlineData("Summe", "id.total-line")]
    [InlineData("(5 rows affected)", "id.total-line")]
    [InlineData("Totally", null)]
    [InlineData(" A1", "id.surrounded-by-blanks")]
    [InlineData("A1\u00A0", "id.surrounded-by-blanks")]
    [InlineData("A 1", null)]
    [InlineData("12345678901234567890123456789012345678", "id.ecid")]
    [InlineData("1234567890123456789012345678901234567", null)]
    [InlineData("anna@example.com", "id.personal-data")]
    [InlineData("anna@example", null)]
    [InlineData("@example.com", null)]
    [InlineData("4111 1111 1111 1111", "id.personal-data")]
    [InlineData("4111111111111111", "id.personal-data")]
    [InlineData("4111111111111112", null)]
    [InlineData("378282246310005", "id.personal-data")]
    [InlineData("0049 30 1234567", "id.personal-data")]
    [InlineData("00493012345678", null)]
    [InlineData("20261121", null)]
    [InlineData("7590-VHVEG", null)]
    public void Id(string id, string? rule) => Assert.Equal(rule, _packing.Rejected(("thirdPartyId", id), ("a", "1")));

    [Theory]
    [InlineData("#N/A")]
    [InlineData("anna@example.com")]
    [InlineData(" A1")]
    [InlineData("1.2E+11")]
    [InlineData("a+b")]
    public void Rule_that_is_excluded_is_not_applied(string id)
    {
        Use(new RowMapping { ExcludedRules = [.. RowRule.All.Where(rule => rule.CanBeExcluded).Select(rule => rule.Id)] });
        Assert.Null(_packing.Rejected(("thirdPartyId", id), ("a", "1")));
    }

    [Theory]
    [InlineData("id.missing", "cannot be turned off")]
    [InlineData("id.nonsense", "no rule")]
    public void Rule_that_cannot_be_excluded_is_said_so(string rule, string says) =>
        Assert.Contains(says, Assert.Throws<ArgumentException>(() => Use(new RowMapping { ExcludedRules = [rule] })).Message);

    [Theory]
    [InlineData("user.score")]
    [InlineData("Entity.name")]
    public void Name_that_is_Targets_own_is_refused_unless_allowed(string name)
    {
        Assert.Equal("name.reserved", _packing.Rejected(("thirdPartyId", "1"), (name, "1")));
        Assert.Null(_packing.Rejected(("thirdPartyId", "1"), (name, "")));
        Use(new RowMapping { ExcludedRules = ["name.reserved"] });
        Assert.Null(_packing.Rejected(("thirdPartyId", "1"), (name, "1")));
    }

    [Theory]
    [InlineData("a,b", "value.comma")]
    [InlineData("anna@example.com", "value.personal-data")]
    [InlineData("+49 (30) 123-4567", "value.personal-data")]
    [InlineData("5 500 000", null)]
    [InlineData("plain", null)]
    public void Value_is_sent_with_a_warning(string value, string? rule)
    {
        Assert.Null(_packing.Rejected(("thirdPartyId", "1"), ("a", value)));
        Assert.Equal(rule, _packing.Encoder.Warnings.Select(warning => warning.Rule.Id).SingleOrDefault());
    }

    [Fact]
    public void Decimal_comma_is_suspicious_among_numbers_only()
    {
        _packing.Add(("thirdPartyId", "1"), ("price", "12.5"), ("note", "see 1"));
        _packing.Add(("thirdPartyId", "2"), ("price", "12,5"), ("note", "12,5"));
        Assert.Equal(["value.comma price", "value.decimal-comma price", "value.comma note"], _packing.Encoder.Warnings.Select(warning => $"{warning.Rule.Id} {warning.Column}"));
    }

    [Fact]
    public void Hashed_column_is_trimmed_lower_cased_and_hashed_the_id_too()
    {
        Use(new RowMapping { HashedProperties = ["thirdPartyId", "e*"] });
        _packing.Add(("thirdPartyId", " Anna@Example.COM "), ("email", "ÄNNE@example.com"), ("tier", "Gold"));
        _packing.Seal();
        Assert.True(_packing.Rows.Single().Is(Hash("anna@example.com"), new Dictionary<string, string> { ["email"] = Hash("änne@example.com"), ["tier"] = "Gold" }));
    }

    [Fact]
    public void Null_text_counts_as_empty_and_only_to_the_letter()
    {
        Use(new RowMapping { NullTexts = ["NULL", "-"] });
        Assert.Equal("id.missing", _packing.Rejected(("thirdPartyId", "NULL"), ("a", "1")));
        _packing.Add(("thirdPartyId", "1"), ("a", "NULL"), ("b", "null"), ("c", "-"));
        _packing.Seal();
        Assert.True(_packing.Rows.Single().Is("1", new Dictionary<string, string> { ["b"] = "null" }));
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private void Use(RowMapping mapping)
    {
        _packing.Dispose();
        _packing = new Packing(mapping);
    }
}
