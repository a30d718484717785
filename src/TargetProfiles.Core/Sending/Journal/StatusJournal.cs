using TargetProfiles.Files;

namespace TargetProfiles.Sending.Journal;

/// <summary>
/// Writes what the service made of batches into the journal that records them. A run of this process that has the journal
/// open writes it; else the journal is opened for the moment.
/// </summary>
internal static class StatusJournal
{
    /// <summary>Records statuses, and returns once they are on the disk. Batches that the journal does not hold are passed over.</summary>
    /// <param name="path">The journal.</param>
    /// <param name="statuses">The statuses.</param>
    /// <param name="files">Where files are kept.</param>
    /// <param name="giveUp">Ends waiting for someone who has it open; if cancelled before, it is tried once.</param>
    /// <exception cref="JournalException">Another process has it open, or it cannot be written.</exception>
    public static void Add(string path, IReadOnlyCollection<TargetBatchStatus> statuses, FileStore files, CancellationToken giveUp = default)
    {
        if (RunJournal.TryAdd(path, statuses, files) || !files.Exists(path))
            return;
        using var file = JournalFile.Open(path, files, out var content, giveUp);
        foreach (var status in statuses)
        {
            if (content.Accepted.FirstOrDefault(accepted => accepted.BatchId == status.BatchId) is { } batch)
                file.Add(StatusRecord.Of(batch.Batch, batch.Part, status), flush: true);
        }
    }
}
