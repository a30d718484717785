namespace TargetProfiles;

/// <summary>A CSV file that cannot be read at all: the message names file, line and column, and what to do.</summary>
public sealed class CsvFormatException : Exception
{
    /// <summary>Creates the exception.</summary>
    public CsvFormatException(string message)
        : base(message)
    {
    }
}
