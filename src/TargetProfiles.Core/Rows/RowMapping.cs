namespace TargetProfiles;

/// <summary>How a row is understood: which columns are sent, and as what.</summary>
public sealed class RowMapping
{
    /// <summary>Name of the id column; null takes the one called thirdPartyId, mbox3rdPartyId, pcId or tntId.</summary>
    public string? IdProperty { get; init; }

    /// <summary>What the id column holds; null takes it from the column's name, and a thirdPartyId where that says nothing.</summary>
    public ProfileIdType? IdType { get; init; }

    /// <summary>Columns to send, with wildcards; empty means all.</summary>
    public IReadOnlyList<string> Properties { get; init; } = [];

    /// <summary>Columns not to send, with wildcards.</summary>
    public IReadOnlyList<string> ExcludedProperties { get; init; } = [];

    /// <summary>Attribute names by column name.</summary>
    public IReadOnlyDictionary<string, string> Renamed { get; init; } = new Dictionary<string, string>();

    /// <summary>Columns whose values are sent as SHA-256 of the trimmed, lower-case text, in lower-case hexadecimal; with wildcards.</summary>
    public IReadOnlyList<string> HashedProperties { get; init; } = [];

    /// <summary>Texts that count as empty, such as <c>NULL</c>; compared to the letter.</summary>
    public IReadOnlyList<string> NullTexts { get; init; } = [];

    /// <summary>Ids of the rules that are not applied; see docs/rules.md.</summary>
    public IReadOnlyList<string> ExcludedRules { get; init; } = [];

    /// <summary>What stands between the elements of a list value.</summary>
    public string ListSeparator { get; init; } = "|";
}
