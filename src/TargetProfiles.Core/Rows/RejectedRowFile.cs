using System.Globalization;
using System.Text;

namespace TargetProfiles.Rows;

/// <summary>
/// Rejected rows as CSV, to be corrected and sent again: the row as it stood in its source, then its number and the reason in
/// columns that reading drops again. Begun with the first row; a file that exists is never written to. Rows of another
/// shape, from another file for example, go to a file of their own.
/// </summary>
internal sealed class RejectedRowFile(string path) : IDisposable
{
    /// <summary>Column for the row's number in its source.</summary>
    public const string RowColumn = "#row";

    /// <summary>Column for the rule and the remedy.</summary>
    public const string ReasonColumn = "#reason";

    private readonly List<string> _written = [];
    private FileStream? _file;
    private string? _header;

    /// <summary>Files written so far.</summary>
    public IReadOnlyList<string> Written => _written;

    /// <summary>Writes a CSV record as it stood.</summary>
    /// <param name="header">The header as it stood.</param>
    /// <param name="record">The record as it stood, without its line end.</param>
    /// <param name="delimiter">The source's delimiter.</param>
    /// <param name="missingFields">Fields that the record has fewer than the header.</param>
    /// <param name="row">Its number.</param>
    /// <param name="reason">Why it was rejected.</param>
    public void WriteRecord(string header, ReadOnlySpan<byte> record, char delimiter, int missingFields, long row, string reason)
    {
        var file = FileFor(header, delimiter);
        file.Write(record.ToArray(), 0, record.Length);
        Write(file, $"{new string(delimiter, missingFields)}{delimiter}{row.ToString(CultureInfo.InvariantCulture)}{delimiter}{Quoted(reason, delimiter)}\n");
    }

    /// <summary>Writes a row of named values.</summary>
    public void WriteValues(IEnumerable<string> names, IEnumerable<string> values, long row, string reason)
    {
        var file = FileFor(string.Join(",", names.Select(name => Quoted(name, ','))), ',');
        Write(file, $"{string.Join(",", values.Select(value => Quoted(value, ',')))},{row.ToString(CultureInfo.InvariantCulture)},{Quoted(reason, ',')}\n");
    }

    /// <summary>Brings what was written to the disk.</summary>
    public void Flush() => _file?.Flush(flushToDisk: true);

    public void Dispose() => _file?.Dispose();

    private static void Write(FileStream file, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        file.Write(bytes, 0, bytes.Length);
    }

    private static string Quoted(string text, char delimiter) =>
        text.IndexOfAny([delimiter, '"', '\r', '\n']) >= 0 || text.StartsWith(" ", StringComparison.Ordinal) ? $"\"{text.Replace("\"", "\"\"")}\"" : text;

    private FileStream FileFor(string header, char delimiter)
    {
        if (_file is not null && _header == header)
            return _file;
        Flush();
        _file?.Dispose();
        _file = OpenNext();
        _header = header;
        Write(_file, $"{header}{delimiter}{RowColumn}{delimiter}{ReasonColumn}\n");
        return _file;
    }

    private FileStream OpenNext()
    {
        for (var number = 1; ; number++)
        {
            var candidate = number == 1 ? path : Path.ChangeExtension(path, FormattableString.Invariant($".{number}{Path.GetExtension(path)}"));
            if (File.Exists(candidate))
                continue;
            var file = PrivateFile.CreateNew(candidate);
            _written.Add(candidate);
            return file;
        }
    }
}
