using System.Collections.Concurrent;
using TargetProfiles.Files;

namespace TargetProfiles.Sending.Journal;

/// <summary>What a run has had accepted, kept on the disk, so that the same command goes on where another one ended.</summary>
internal sealed class RunJournal : IDisposable
{
    private static readonly string ToolVersion = typeof(RunJournal).Assembly.GetName().Version!.ToString(3);

    /// <summary>The journals that runs of this process have open.</summary>
    private static readonly ConcurrentDictionary<(FileStore, string), RunJournal> Live = new();

    private readonly object _fileLock = new();
    private readonly ConcurrentDictionary<string, (int Batch, int Part)> _accepted = new(StringComparer.Ordinal);
    private readonly string _path;
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly FileStore _files;
    private JournalFile _file;
    private readonly List<JournalRecord> _pending = [];
    private bool _isDisposed;

    private RunJournal(string path, IReadOnlyDictionary<string, string> settings, FileStore files, JournalFile file, JournalContent content)
    {
        _path = path;
        _settings = settings;
        _files = files;
        _file = file;
        Earlier = content.IsComplete ? new JournalContent() : content;
        Completed = content.IsComplete ? content : null;
        foreach (var batch in content.Accepted)
            _accepted[batch.BatchId!] = (batch.Batch, batch.Part);
    }

    /// <summary>Where it stands.</summary>
    public string Path => _path;

    /// <summary>What earlier commands recorded of the run that this one goes on with; empty for a new run.</summary>
    public JournalContent Earlier { get; }

    /// <summary>
    /// The run that was completed before, while it is not known whether this is the same or a new one: until then nothing is
    /// written. Null once it is known to be a new one.
    /// </summary>
    public JournalContent? Completed { get; private set; }

    /// <summary>What waits to be written.</summary>
    public IReadOnlyList<JournalRecord> Pending => _pending;

    /// <summary>Opens a journal for a run with these settings.</summary>
    /// <param name="path">Where it stands, or is to be.</param>
    /// <param name="settings">See <see cref="RunSettings"/>.</param>
    /// <param name="restart">Begin anew, whatever it says.</param>
    /// <param name="resend">Begin anew if it is complete.</param>
    /// <param name="files">Where files are kept.</param>
    /// <exception cref="JournalException">It cannot be used.</exception>
    public static RunJournal Open(string path, IReadOnlyDictionary<string, string> settings, bool restart, bool resend, FileStore files)
    {
        if (restart && files.Exists(path))
        {
            JournalFile.RefuseToMove(path, files);
            MoveAside(path, files);
        }

        var file = JournalFile.Open(path, files, out var earlier);
        try
        {
            var journal = new RunJournal(path, settings, files, file, earlier);
            journal.Begin(resend);
            Live[KeyOf(files, path)] = journal;
            return journal;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Records statuses through the run of this process that has the journal open. Batches that it does not hold are passed over.</summary>
    /// <returns>False if no run of this process has it open.</returns>
    /// <exception cref="JournalException">They could not be recorded.</exception>
    public static bool TryAdd(string path, IEnumerable<TargetBatchStatus> statuses, FileStore files)
    {
        if (!Live.TryGetValue(KeyOf(files, path), out var journal))
            return false;
        lock (journal._fileLock)
        {
            if (journal._isDisposed)
                return false;
            foreach (var status in statuses)
            {
                if (journal._accepted.TryGetValue(status.BatchId, out var batch))
                    journal._file.Add(StatusRecord.Of(batch.Batch, batch.Part, status), flush: true);
            }
        }

        return true;
    }

    /// <summary>Moves the journal aside, and begins a new one under its name, with what waited to be written.</summary>
    /// <param name="rejects">Where the rejected rows of what waited were written in the meantime.</param>
    /// <exception cref="JournalException">It cannot be written.</exception>
    public void StartAnew(Func<IReadOnlyList<RejectedRange>>? rejects = null)
    {
        lock (_fileLock)
        {
            _file.Dispose();
            MoveAside(_path, _files);
            _file = JournalFile.Open(_path, _files, out _);
            _accepted.Clear();
        }

        Completed = null;
        AddRun();
        var written = _pending.Count == 0 ? [] : rejects?.Invoke() ?? [];
        var lastCover = _pending.FindLastIndex(record => record is CoverRecord);
        for (var i = 0; i < _pending.Count; i++)
            Add(i == lastCover ? (CoverRecord)_pending[i] with { Rejects = written } : _pending[i], flush: false);
        _pending.Clear();
    }

    /// <summary>Adds a record; see <see cref="JournalFile.Add"/>.</summary>
    /// <exception cref="JournalException">It could not be recorded.</exception>
    public void Add(JournalRecord record, bool flush)
    {
        if (Completed is null)
            _file.Add(record, flush);
        else
            _pending.Add(record);
    }

    /// <summary>Records what became of a batch, and returns once it is on the disk.</summary>
    /// <exception cref="JournalException">It could not be recorded.</exception>
    public void Add(TargetProfileBatch batch)
    {
        Add(new OutcomeRecord(batch.Number, batch.Part, batch.Rows, batch.Bytes, batch.State, batch.SubmittedAt ?? DateTime.UtcNow, batch.Attempts, batch.ApiVersion.ToString(), batch.BatchId, batch.StatusUri?.AbsoluteUri, batch.Message), flush: true);
        if (batch is { State: BatchState.Accepted, BatchId: not null })
            _accepted[batch.BatchId] = (batch.Number, batch.Part);
    }

    /// <summary>What to say when the source is not the one that was recorded.</summary>
    public JournalException OtherSource(string difference) => new(
        JournalFault.OtherSource,
        $"The journal '{_path}' belongs to a run that is not complete, and its source has changed: {difference} " +
        "To finish that run, give it the source as it was. To begin anew, add -Restart; rows that were accepted before are then sent again.");

    public void Dispose()
    {
        lock (_fileLock)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            Live.TryRemove(KeyOf(_files, _path), out _);
            _file.Dispose();
        }
    }

    private static (FileStore, string) KeyOf(FileStore files, string path) => (files, System.IO.Path.GetFullPath(path));

    private static void MoveAside(string path, FileStore files)
    {
        try
        {
            files.Move(path, files.NextFree(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(JournalFault.Unwritable, $"The journal '{path}' cannot be moved aside: {e.Message} Nothing was sent. Give a -JournalPath in a folder that may be written.", e);
        }
    }

    private void Begin(bool resend)
    {
        var difference = (Completed ?? Earlier).Run is { } run ? RunSettings.Difference(run.Settings, _settings) : null;
        // A run that had not begun to send has nothing that could be mixed up.
        var hasSent = Earlier.Covers.Any(cover => cover.Record.Batch > 0);
        if (difference is not null && hasSent)
        {
            throw new JournalException(
                JournalFault.OtherSettings,
                $"The journal '{_path}' belongs to a run that is not complete and has other settings: {difference}. Nothing was sent. " +
                "Finish that run with its own settings, or begin anew with -Restart; rows that were accepted before are then sent again.");
        }

        if ((Completed is not null && resend) || difference is not null)
            StartAnew();
        else if (Completed is null)
            AddRun();
    }

    private void AddRun() => Add(new RunRecord(JournalRecord.Format, $"TargetProfiles {ToolVersion}", DateTime.UtcNow, _settings), flush: true);
}
