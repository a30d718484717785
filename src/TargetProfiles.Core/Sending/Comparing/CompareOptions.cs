namespace TargetProfiles;

/// <summary>How rows are read and held against their profiles.</summary>
public sealed class CompareOptions
{
    /// <summary>Which columns are sent, and as what.</summary>
    public RowMapping Mapping { get; init; } = new();

    /// <summary>How files are read.</summary>
    public CsvOptions Csv { get; init; } = new();

    /// <summary>What became of rows whose id stood in an earlier row; null merges those of files and rejects others.</summary>
    public DuplicateIdAction? DuplicateIdAction { get; init; }

    /// <summary>Rows to compare, evenly chosen; null compares all.</summary>
    public int? SampleSize { get; init; }

    /// <summary>Chooses the sample: the same rows for the same source.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How long to look again at rows that do not match, from the first one; zero looks once.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Profiles fetched at a time, 1 to 64. Fetches do not count against the calls a minute.</summary>
    public int ThrottleLimit { get; init; } = 4;

    /// <summary>A send's journal that gets the counts; null tells none.</summary>
    public string? JournalPath { get; init; }

    /// <summary>Takes a host's wrapper off a value, as PowerShell has one.</summary>
    public Func<object?, object?> Unwrap { get; init; } = value => value;
}
