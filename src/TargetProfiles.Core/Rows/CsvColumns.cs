using TargetProfiles.Profiles;

namespace TargetProfiles.Rows;

/// <summary>What each column of a CSV header becomes; faults that would befall every row end the file here.</summary>
internal static class CsvColumns
{
    /// <exception cref="CsvFormatException">There is no id column, or two, or a column cannot be sent.</exception>
    public static Column[] Of(IReadOnlyList<string> header, ColumnMap map, string source)
    {
        var columns = new Column[header.Count];
        var byOrdinal = new Dictionary<int, Column>();
        Column? id = null;
        for (var i = 0; i < columns.Length; i++)
        {
            var column = columns[i] = map.Find(header[i]);
            switch (column.Role)
            {
                case ColumnRole.Id when id is not null:
                    throw new CsvFormatException($"{source}: {ColumnMap.AmbiguousIdColumns(id.Name, column.Name)}");
                case ColumnRole.Id:
                    id = column;
                    break;
                case ColumnRole.Faulty:
                    throw new CsvFormatException($"{source}, column {i + 1}, '{column.Name}': {column.Fault!.Requirement} [{column.Fault.Id}]");
                case ColumnRole.Attribute when byOrdinal.TryGetValue(column.Ordinal, out var other):
                    throw new CsvFormatException($"{source}: columns '{other.Name}' and '{column.Name}' lead to the same attribute. {RowRule.NameCollision.Requirement}");
                case ColumnRole.Attribute:
                    byOrdinal.Add(column.Ordinal, column);
                    break;
            }
        }

        if (id is null && columns.Length > 0)
            throw new CsvFormatException($"{source}: {map.MissingIdColumn(header)}");
        if (columns.Length > 0 && map.UnmatchedName(header) is string unmatched)
            throw new CsvFormatException($"{source}: {unmatched}");
        return columns;
    }
}
