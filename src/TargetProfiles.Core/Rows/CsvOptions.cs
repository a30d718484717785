using System.Text;

namespace TargetProfiles;

/// <summary>How a CSV file is read.</summary>
public sealed class CsvOptions
{
    /// <summary>Field delimiter, one ASCII character; null means a comma, or what a <c>sep=</c> line says.</summary>
    public char? Delimiter { get; init; }

    /// <summary>Encoding of files without a byte order mark; null means UTF-8.</summary>
    public Encoding? Encoding { get; init; }

    /// <summary>Lines at the end that are no rows, 0 to 1,000; blank lines do not count.</summary>
    public int SkipFooter { get; init; }

    /// <summary>Column names to use when the file has no header line.</summary>
    public IReadOnlyList<string>? Header { get; init; }
}
