namespace TargetProfiles.Rows;

/// <summary>What a header must be, so that no column is lost or mistaken for another.</summary>
internal static class CsvHeader
{
    /// <summary>Drops trailing unnamed columns, as Import-Csv does, and checks the rest.</summary>
    /// <exception cref="CsvFormatException">A column has no name, or a name twice.</exception>
    public static IReadOnlyList<string> Checked(IReadOnlyList<string> names, string source, byte delimiter)
    {
        var header = new List<string>(names);
        while (header.Count > 1 && header[header.Count - 1].Length == 0)
            header.RemoveAt(header.Count - 1);

        var columns = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < header.Count; i++)
        {
            var name = header[i];
            if (string.IsNullOrWhiteSpace(name))
            {
                throw new CsvFormatException(
                    $"{source}: column {i + 1} of the header has no name. Name it in the file, or give all names with -Header.");
            }

            if (name.IndexOf('\0') >= 0)
            {
                throw new CsvFormatException(
                    $"{source}: the header holds NUL characters; the encoding is wrong. Try -Encoding unicode.");
            }

            if (columns.TryGetValue(name, out var first))
            {
                throw new CsvFormatException(
                    $"{source}: columns {first + 1} and {i + 1} of the header have the same name, '{name}' (case does not count). Rename one of them.");
            }

            columns.Add(name, i);
        }

        if (header.Count == 1 && delimiter == ',' && OtherDelimiter(header[0]) is char other)
        {
            var shown = other == '\t' ? "\"`t\"" : $"'{other}'";
            throw new CsvFormatException(
                $"{source}: the header is a single column that holds {(other == '\t' ? "tabs" : $"'{other}'")}. " +
                $"Give the delimiter: -Delimiter {shown}.");
        }

        return header;
    }

    private static char? OtherDelimiter(string name)
    {
        foreach (var candidate in ";\t|")
        {
            if (name.IndexOf(candidate) >= 0)
                return candidate;
        }

        return null;
    }
}
