using System.Text;

namespace TargetProfiles.Rows;

/// <summary>A row as it is to arrive, to hold against the profile that comes of it.</summary>
public sealed class SampledRow
{
    internal SampledRow(ProfileIdType idType, string id, IReadOnlyDictionary<string, string> attributes)
    {
        IdType = idType;
        Id = id;
        Attributes = attributes;
    }

    /// <summary>Which id it is.</summary>
    public ProfileIdType IdType { get; }

    /// <summary>The id.</summary>
    public string Id { get; }

    /// <summary>Values that are not blank, by attribute name.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; }
}

/// <summary>An even sample of a file's rows, of a fixed size and the same for the same seed (reservoir sampling).</summary>
internal sealed class RowSample(int size, int seed)
{
#pragma warning disable CA5394 // picks rows, guards nothing
    private readonly Random _random = new(seed);
    private readonly List<SampledRow> _rows = new(size);
    private long _seen;

    public IReadOnlyList<SampledRow> Rows => _rows;

    /// <summary>Considers the reader's current row.</summary>
    public void Consider(CsvReader reader, Column[] columns, ColumnMap map)
    {
        _seen++;
        var place = _seen <= size ? _rows.Count : (int)Math.Min(size, (long)(_random.NextDouble() * _seen));
        if (place >= size)
            return;
        var row = Copy(reader, columns, map);
        // Such an id can be sent, but an address to fetch it by would lead elsewhere.
        if (row.Id is "." or "..")
            return;
        if (place == _rows.Count)
            _rows.Add(row);
        else
            _rows[place] = row;
    }
#pragma warning restore CA5394

    private static SampledRow Copy(CsvReader reader, Column[] columns, ColumnMap map)
    {
        var id = "";
        var idType = ProfileIdType.ThirdPartyId;
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < reader.FieldCount; i++)
        {
            var text = Encoding.UTF8.GetString(map.FieldText.Of(columns[i], reader.Field(i)).ToArray());
            if (columns[i].Role == ColumnRole.Id)
                (id, idType) = (text, columns[i].IdType);
            else if (columns[i].Role == ColumnRole.Attribute && !string.IsNullOrWhiteSpace(text))
                attributes[map.AttributeNames[columns[i].Ordinal]] = text;
        }

        return new SampledRow(idType, id, attributes);
    }
}
