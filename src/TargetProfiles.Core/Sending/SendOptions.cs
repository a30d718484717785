using TargetProfiles.Files;
using TargetProfiles.Sending;
using TargetProfiles.Sending.Comparing;

namespace TargetProfiles;

/// <summary>How a run reads, packs and sends.</summary>
public sealed class SendOptions
{
    /// <summary>Which columns are sent, and as what.</summary>
    public RowMapping Mapping { get; init; } = new();

    /// <summary>How files are read.</summary>
    public CsvOptions Csv { get; init; } = new();

    /// <summary>Caps of a batch.</summary>
    public BatchLimits Limits { get; init; } = new();

    /// <summary>Version of the bulk API; null takes the connection's.</summary>
    public ProfileApiVersion? ApiVersion { get; init; }

    /// <summary>Batches sent at a time where nothing else is said: 2, and 1 where less than 1 GB of memory may be used.</summary>
    public static int DefaultThrottleLimit { get; } = HasLittleMemory() ? 1 : 2;

    /// <summary>Batches sent at a time, 1 to 16. Memory grows by one batch with each.</summary>
    public int ThrottleLimit { get; init; } = DefaultThrottleLimit;

    /// <summary>What becomes of rows whose id stood in an earlier row; null merges those of files and rejects others.</summary>
    public DuplicateIdAction? DuplicateIdAction { get; init; }

    /// <summary>File for rejected rows, to be corrected and sent again; null tells the first ones one by one instead.</summary>
    public string? RejectedPath { get; init; }

    /// <summary>Rejected rows after which the run stops; null never stops it for that.</summary>
    public long? MaxRejected { get; init; }

    /// <summary>File that records what was accepted, so that the same command goes on where it ended; null keeps none.</summary>
    public string? JournalPath { get; init; }

    /// <summary>Move an earlier journal aside and begin anew, whatever it says.</summary>
    public bool Restart { get; init; }

    /// <summary>Send again what the journal says was sent to the end.</summary>
    public bool Resend { get; init; }

    /// <summary>Tell every finding one by one, warnings too: for a check.</summary>
    public bool TellsEveryFinding { get; init; }

    /// <summary>Rows to keep for <see cref="SendRun.CompareSample"/>, evenly chosen; 0 keeps none.</summary>
    public int SampleSize { get; init; }

    /// <summary>Takes a host's wrapper off a value, as PowerShell has one.</summary>
    public Func<object?, object?> Unwrap { get; init; } = value => value;

    /// <summary>Calls a minute that a plan without a connection counts with.</summary>
    public int CallsPerMinute { get; init; } = new TargetConnectionOptions().CallsPerMinute;

    /// <summary>Rows that go first, alone, and must have arrived before the others follow; null sends all at once.</summary>
    public int? Canary { get; init; }

    /// <summary>How long to wait for these rows to arrive.</summary>
    public TimeSpan CanaryTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Read, check and pack, but send nothing.</summary>
    public bool PlanOnly { get; init; }

    /// <summary>Called with each row that is put into a batch, as it is sent; null where nobody asks.</summary>
    internal Action<Func<ExpectedProfile>>? OnPacked { get; init; }

    /// <summary>Count rejected rows, and tell nothing about rows: the send told it.</summary>
    internal bool CountsFindingsOnly { get; init; }

    /// <summary>Where the journal and rejected rows are kept.</summary>
    internal FileStore Files { get; init; } = FileStore.Disk;

    private static bool HasLittleMemory()
    {
#if NET
        return GC.GetGCMemoryInfo().TotalAvailableMemoryBytes < 1L << 30;
#else
        return false;
#endif
    }
}
