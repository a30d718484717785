using TargetProfiles.Profiles;
using TargetProfiles.Rows;

namespace TargetProfiles.Sending;

/// <summary>Turns rows into updates or keys of single profiles, by the same column rules as batches; one instance serves all rows.</summary>
public sealed class ProfileRow : INamedValues
{
    private readonly RowMapping _mapping;
    private readonly Func<object?, object?> _unwrap;
    private readonly ColumnMap _map;
    private readonly List<KeyValuePair<string, string>> _attributes = [];
    private readonly List<string> _names = [];
    private Column? _idColumn;
    private string _id = "";
    private string? _fault;

    /// <summary>Creates a reader of rows.</summary>
    public ProfileRow(RowMapping mapping, Func<object?, object?> unwrap, Action<string> warn)
    {
        _mapping = mapping ?? throw new ArgumentNullException(nameof(mapping));
        _unwrap = unwrap ?? throw new ArgumentNullException(nameof(unwrap));
        _map = new ColumnMap(mapping, warn ?? throw new ArgumentNullException(nameof(warn)));
    }

    /// <summary>Begins a row.</summary>
    public void Begin()
    {
        _attributes.Clear();
        _names.Clear();
        _idColumn = null;
        _id = "";
        _fault = null;
    }

    /// <inheritdoc/>
    public void Add(string name, object? value)
    {
        _names.Add(name);
        var column = _map.Find(name);
        if (column.Role == ColumnRole.Ignored)
            return;
        var unreadable = ValueText.Read(value, _mapping.ListSeparator, _unwrap, out var read);
        var text = _map.FieldText.Of(column, read);
        if (unreadable is not null)
            Reject(unreadable, name);
        else if (column.Role == ColumnRole.Id && _idColumn is not null)
            _fault ??= ColumnMap.AmbiguousIdColumns(_idColumn.Name, name);
        else if (column.Role == ColumnRole.Id)
            (_idColumn, _id) = (column, text);
        else if (column.Role == ColumnRole.Attribute)
            _attributes.Add(new KeyValuePair<string, string>(_map.AttributeNames[column.Ordinal], text));
        else if (column.Role == ColumnRole.Faulty && !string.IsNullOrWhiteSpace(text))
            Reject(column.Fault!, name);
    }

    /// <inheritdoc/>
    public void RejectUnreadable(string name) => Reject(RowRule.ValueUnreadable, name);

    /// <inheritdoc/>
    public void RejectSingleValue() => _fault ??= $"{RowRule.NotAnObject.Requirement} [{RowRule.NotAnObject.Id}]";

    /// <summary>Ends the row.</summary>
    /// <exception cref="ArgumentException">The row breaks a rule.</exception>
    public ProfileUpdate End(ProfileUpdateMethod method)
    {
        if (_fault is null && _idColumn is null)
            _fault = _map.MissingIdColumn(_names);
        return _fault is null ? ProfileUpdate.Create(_idColumn!.IdType, _id, _attributes, method, _map.Rules) : throw new ArgumentException(_fault);
    }

    /// <summary>Ends a row of which only the id is wanted.</summary>
    /// <exception cref="ArgumentException">The row has no id column, or two.</exception>
    public ProfileKey EndAsKey()
    {
        if (_idColumn is null)
            throw new ArgumentException(_fault ?? _map.MissingIdColumn(_names));
        return _idColumn.IdType == ProfileIdType.ThirdPartyId ? ProfileKey.ByThirdPartyId(_id) : ProfileKey.ByPcId(_id);
    }

    private void Reject(RowRule rule, string name) => _fault ??= $"Property '{name}': {rule.Requirement} [{rule.Id}]";
}
