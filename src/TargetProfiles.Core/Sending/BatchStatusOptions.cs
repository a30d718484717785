using TargetProfiles.Files;
using TargetProfiles.Sending;

namespace TargetProfiles;

/// <summary>How statuses are asked for.</summary>
public sealed class BatchStatusOptions
{
    /// <summary>Ask for counts. They are asked for anyway where it is waited, and where a journal records the batch.</summary>
    public bool Detailed { get; init; }

    /// <summary>Ask again until the service is done with the batch.</summary>
    public bool Wait { get; init; }

    /// <summary>How long to wait for a batch.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Share of the rows, 0 to 1, that may be in none of the service's counts.</summary>
    public double MaximumLossRate { get; init; } = LostRows.UsualRate;

    /// <summary>How long the service may not know a batch before waiting for it ends: an edge may learn of it late.</summary>
    internal TimeSpan UnknownPatience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Where journals are kept.</summary>
    internal FileStore Files { get; init; } = FileStore.Disk;

    /// <summary>The longest pause between two questions about a batch; the first pauses are shorter.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(15);
}
