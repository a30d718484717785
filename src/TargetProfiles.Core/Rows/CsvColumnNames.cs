namespace TargetProfiles.Rows;

/// <summary>The column names of a CSV file, from its beginning alone.</summary>
public static class CsvColumnNames
{
    // Room for the longest header in any encoding, so that none is cut within a name; and an end to blank lines without end.
    private const int Beginning = 8 * CsvTokenizer.MaxRecordBytes;

    /// <summary>Reads the names as a run would; a pipe or a device, which would have to be waited for, has none.</summary>
    /// <exception cref="CsvFormatException">The header cannot be used.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file must not be read.</exception>
    public static IReadOnlyList<string> Of(string path, CsvOptions options)
    {
        if (options is null)
            throw new ArgumentNullException(nameof(options));
        if (!SourceFile.CanBeReadTwice(path))
            return [];
        using var reader = new CsvReader(new LimitedStream(SourceFile.Open(path), Beginning), Path.GetFileName(path), options);
        return [.. reader.Header.Where(name => name is not (RejectedRowFile.RowColumn or RejectedRowFile.ReasonColumn))];
    }
}
