using TargetProfiles.Files;

namespace TargetProfiles.Sending.Journal;

/// <summary>
/// Records final statuses in their journals. What cannot be recorded at once, since another process has the journal open, is
/// kept and tried again with the next one. May be used from any thread.
/// </summary>
internal sealed class StatusRecorder(FileStore files)
{
    private static readonly CancellationToken AtOnce = new(canceled: true);

    private readonly Dictionary<string, List<TargetBatchStatus>> _unrecorded = new(StringComparer.Ordinal);
    private Exception? _failure;

    /// <summary>Why statuses are not in their journal, in words; null if all are.</summary>
    public string? Failure
    {
        get
        {
            lock (_unrecorded)
            {
                var count = _unrecorded.Values.Sum(statuses => statuses.Count);
                return count == 0 ? null : $"The status of {CountText.Of(count, "batch")} is not in the journal, and will be asked for again. {_failure!.Message}";
            }
        }
    }

    /// <summary>Records a status, and those that are left; waits for no other process.</summary>
    public void Record(string path, TargetBatchStatus status)
    {
        lock (_unrecorded)
        {
            if (!_unrecorded.TryGetValue(path, out var statuses))
                _unrecorded[path] = statuses = [];
            statuses.Add(status);
            RecordUnrecorded(AtOnce);
        }
    }

    /// <summary>Records what is left.</summary>
    /// <param name="giveUp">Ends waiting for a process that has a journal open.</param>
    public void RecordUnrecorded(CancellationToken giveUp)
    {
        lock (_unrecorded)
        {
            foreach (var path in _unrecorded.Keys.ToList())
            {
                try
                {
                    StatusJournal.Add(path, _unrecorded[path], files, giveUp);
                    _unrecorded.Remove(path);
                }
                catch (Exception e) when (e is JournalException or IOException or UnauthorizedAccessException)
                {
                    _failure = e;
                }
            }
        }
    }
}
