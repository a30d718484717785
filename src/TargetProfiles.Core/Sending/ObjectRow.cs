using System.Text;
using TargetProfiles.Batches;
using TargetProfiles.Profiles;
using TargetProfiles.Rows;

namespace TargetProfiles.Sending;

/// <summary>The row of named values that is being added to a run; one instance serves all rows.</summary>
public sealed class ObjectRow : INamedValues
{
    private readonly RowEncoder _encoder;
    private readonly ColumnMap _map;
    private readonly Func<object?, object?> _unwrap;
    private readonly RowDigest? _digest;
    private readonly List<Column> _columns = [];
    private readonly List<object?> _values = [];
    private byte[] _utf8 = new byte[1024];
    private int _position;

    internal ObjectRow(RowEncoder encoder, ColumnMap map, Func<object?, object?> unwrap, RowDigest? digest = null)
    {
        _encoder = encoder;
        _map = map;
        _unwrap = unwrap;
        _digest = digest;
    }

    /// <inheritdoc/>
    public void Add(string name, object? value)
    {
        if (name is null)
            throw new ArgumentNullException(nameof(name));
        var column = ColumnAt(_position++, name);
        _values.Add(value);
        if (column.Role == ColumnRole.Ignored)
            return;
        if (value is null && column.Role == ColumnRole.Attribute)
        {
            _digest?.AddNothing(name);
            return;
        }

        if (ValueText.Read(value, _map.ListSeparator, _unwrap, out var text) is RowRule fault)
        {
            _digest?.AddNothing(name);
            _encoder.Reject(fault, name);
            return;
        }

        var needed = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (needed > _utf8.Length)
            _utf8 = new byte[needed];
        var length = Encoding.UTF8.GetBytes(text, 0, text.Length, _utf8, 0);
        _digest?.Add(name, _utf8.AsSpan(0, length));
        _encoder.Add(column, _utf8.AsSpan(0, length));
    }

    /// <inheritdoc/>
    public void RejectUnreadable(string name) => _encoder.Reject(RowRule.ValueUnreadable, name);

    /// <inheritdoc/>
    public void RejectSingleValue() => _encoder.Reject(RowRule.NotAnObject);

    /// <summary>Names of the row's values.</summary>
    internal IEnumerable<string> Names => _columns.Take(_position).Select(column => column.Name);

    /// <summary>The row's values as text; empty where one cannot be written.</summary>
    internal IEnumerable<string> Texts() => _values.Select(value =>
    {
        ValueText.Read(value, _map.ListSeparator, _unwrap, out var text);
        return text;
    });

    internal void Begin()
    {
        _position = 0;
        _values.Clear();
        _digest?.Begin();
    }

    /// <summary>Why no row can be sent, if the first row already shows it: it has no id column, or two.</summary>
    internal string? MissingId()
    {
        if (ReferenceEquals(_encoder.Fault, RowRule.IdAmbiguous))
            return ColumnMap.AmbiguousIdColumns(_encoder.IdColumn!.Name, _encoder.FaultColumn!);
        return _encoder.IdColumn is null && !ReferenceEquals(_encoder.Fault, RowRule.NotAnObject) ? _map.MissingIdColumn(Names) : null;
    }

    // Rows of one source have the same names in the same order, mostly the very same strings.
    private Column ColumnAt(int position, string name)
    {
        if (position < _columns.Count)
        {
            var known = _columns[position];
            if (ReferenceEquals(known.Name, name) || string.Equals(known.Name, name, StringComparison.Ordinal))
                return known;
            return _columns[position] = _map.Find(name);
        }

        var column = _map.Find(name);
        _columns.Add(column);
        return column;
    }
}
