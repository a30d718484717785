using TargetProfiles.Profiles;

namespace TargetProfiles.Rows;

/// <summary>Decides once for each column name what it becomes; attributes are numbered as they first appear.</summary>
internal sealed class ColumnMap(RowMapping mapping, Action<string> warn)
{
    private const string ProfilePrefix = "profile.";

    private readonly Dictionary<string, Column> _columns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _ordinals = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _renamed = CaseInsensitive(mapping.Renamed);
    private readonly List<string> _attributeNames = [];
    private bool _warnedOfPrefix;

    /// <summary>Attribute names by ordinal.</summary>
    public List<string> AttributeNames => _attributeNames;

    /// <summary>The rules that rows must pass.</summary>
    public RuleSet Rules { get; } = new(mapping.ExcludedRules);

    public string ListSeparator => mapping.ListSeparator;

    /// <summary>What fields stand for.</summary>
    public FieldText FieldText { get; } = new(mapping.NullTexts);

    public Column Find(string name)
    {
        if (!_columns.TryGetValue(name, out var column))
        {
            column = Decide(name);
            _columns.Add(name, column);
        }

        return column;
    }

    /// <summary>What to tell a user whose rows have no id column.</summary>
    public string MissingIdColumn(IEnumerable<string> names) => mapping.IdProperty is null
        ? $"No id column: one called thirdPartyId, mbox3rdPartyId, pcId or tntId is needed. Found: {Listed(names)}. Name the id column with -IdProperty."
        : $"There is no column '{mapping.IdProperty}', which -IdProperty names. Found: {Listed(names)}.";

    /// <summary>What to tell a user who named a column that is not there: it would be sent, or not hashed, or be missing.</summary>
    public string? UnmatchedName(IEnumerable<string> names)
    {
        var found = names.ToList();
        return Unmatched("-Property", mapping.Properties) ?? Unmatched("-ExcludeProperty", mapping.ExcludedProperties)
            ?? Unmatched("-HashProperty", mapping.HashedProperties) ?? Unmatched("-PropertyMap", mapping.Renamed.Keys);

        string? Unmatched(string option, IEnumerable<string> wanted)
        {
            var missing = wanted.FirstOrDefault(name => name.IndexOfAny(['*', '?']) < 0 && !found.Contains(name, StringComparer.OrdinalIgnoreCase));
            return missing is null ? null : $"{option} names '{missing}', and there is no such column. Found: {Listed(found)}. A name with a wildcard may match nothing: '{missing}*'.";
        }
    }

    public static string AmbiguousIdColumns(string first, string second) =>
        $"Both '{first}' and '{second}' are id columns. Name the one to use with -IdProperty.";

    private Column Decide(string name)
    {
        if (name is RejectedRowFile.RowColumn or RejectedRowFile.ReasonColumn)
            return new Column(name, ColumnRole.Ignored);
        var target = _renamed.TryGetValue(name, out var renamed) ? renamed : name;
        var known = KnownIdType(target);
        var isId = mapping.IdProperty is null
            ? known is not null
            : string.Equals(name, mapping.IdProperty, StringComparison.OrdinalIgnoreCase);
        if (isId)
            return new Column(name, ColumnRole.Id) { IdType = mapping.IdType ?? known ?? ProfileIdType.ThirdPartyId, IsHashed = NamePattern.IsMatchedBy(name, mapping.HashedProperties) };
        if (known is not null)
        {
            warn($"Column '{name}' holds another id and is not sent; '{mapping.IdProperty}' is the id.");
            return new Column(name, ColumnRole.Ignored);
        }

        if (mapping.Properties.Count > 0 && !NamePattern.IsMatchedBy(name, mapping.Properties))
            return new Column(name, ColumnRole.Ignored);
        if (NamePattern.IsMatchedBy(name, mapping.ExcludedProperties))
            return new Column(name, ColumnRole.Ignored);
        return Attribute(name, WithoutPrefix(target));
    }

    private Column Attribute(string name, string attribute)
    {
        if (AttributeName.Check(attribute, Rules) is RowRule fault)
            return new Column(name, ColumnRole.Faulty) { Fault = fault };
        if (!_ordinals.TryGetValue(attribute, out var ordinal))
        {
            ordinal = _attributeNames.Count;
            _ordinals.Add(attribute, ordinal);
            _attributeNames.Add(attribute);
        }

        return new Column(name, ColumnRole.Attribute) { Ordinal = ordinal, IsHashed = NamePattern.IsMatchedBy(name, mapping.HashedProperties) };
    }

    // The bulk API takes bare names; whether it would strip the prefix itself is unknown (fact 1.27).
    private string WithoutPrefix(string name)
    {
        if (!name.StartsWith(ProfilePrefix, StringComparison.OrdinalIgnoreCase))
            return name;
        if (!_warnedOfPrefix)
        {
            _warnedOfPrefix = true;
            warn($"Column names lose their 'profile.' in front, as in '{name}': batches take bare names, and Target shows them as profile.*.");
        }

        return name.Substring(ProfilePrefix.Length);
    }

    private static ProfileIdType? KnownIdType(string name) => name.ToUpperInvariant() switch
    {
        "THIRDPARTYID" or "MBOX3RDPARTYID" => ProfileIdType.ThirdPartyId,
        "PCID" or "TNTID" => ProfileIdType.PcId,
        _ => null,
    };

    private static string Listed(IEnumerable<string> names)
    {
        const int Shown = 20;
        var all = names.ToList();
        if (all.Count == 0)
            return "no columns";
        var listed = string.Join(", ", all.Take(Shown));
        return all.Count > Shown ? $"{listed} and {all.Count - Shown} more" : listed;
    }

    private static Dictionary<string, string> CaseInsensitive(IReadOnlyDictionary<string, string> names)
    {
        var renamed = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in names)
            renamed[pair.Key] = pair.Value;
        return renamed;
    }
}
