using System.Collections.Concurrent;
using System.Diagnostics;
using TargetProfiles.Batches;
using TargetProfiles.Profiles;
using TargetProfiles.Rows;
using TargetProfiles.Sending.Journal;

namespace TargetProfiles.Sending;

/// <summary>
/// One run: rows in, batches out, every row accounted for. The owner adds rows from one thread and is called back on that
/// thread; batches leave in the background. Only <see cref="Cancel"/> may be called from elsewhere.
/// </summary>
public sealed class SendRun : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(200);
    private static int s_live;

    private readonly SendOptions _options;
    private readonly Action<RunMessage> _onMessage;
    private readonly Action<SendProgress> _onProgress;
    private readonly ConcurrentQueue<RunMessage> _messages = new();
    private readonly CancellationTokenSource _cancellation = new();
    private readonly CancellationToken _cancelled;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly ColumnMap _columns;
    private readonly BatchBuilder _builder;
    private readonly RowEncoder _encoder;
    private readonly ObjectRow _objectRow;
    private readonly RowFindings _findings;
    private readonly RejectedRowFile? _rejectedFile;
    private readonly BatchQueue? _queue;
    private readonly RowSample? _sample;
    private readonly RunJournal? _journal;
    private readonly RunRecorder? _recorder;
    private readonly RowDigest? _digest;
    private TimeSpan _progressShownAt = TimeSpan.MinValue;
    private long _bytesSent;
    private int _batches;
    private long _row;
    private bool _readsRows;
    private InvalidDataException? _tooManyRejected;
    private bool _isComplete;
    private bool _isReleased;
    private bool _isDisposed;

    /// <summary>Starts a run.</summary>
    /// <param name="options">How to read, pack and send.</param>
    /// <param name="connection">Where to send; may be null if only planning.</param>
    /// <param name="onMessage">Called on the owner's thread with what happened.</param>
    /// <param name="onProgress">Called on the owner's thread, at most five times a second.</param>
    public SendRun(SendOptions options, TargetConnection? connection, Action<RunMessage> onMessage, Action<SendProgress> onProgress)
    {
        _options = options ?? throw new ArgumentNullException(nameof(options));
        _onMessage = onMessage ?? throw new ArgumentNullException(nameof(onMessage));
        _onProgress = onProgress ?? throw new ArgumentNullException(nameof(onProgress));
        if (options.ThrottleLimit is < 1 or > 16)
            throw new ArgumentException("-ThrottleLimit must be 1 to 16.");
        _cancelled = _cancellation.Token;
        _columns = new ColumnMap(options.Mapping, Warn);
        _builder = new BatchBuilder(options.Limits, _columns.AttributeNames);
        _encoder = new RowEncoder(_columns, _builder);
        _objectRow = new ObjectRow(_encoder, _columns, options.Unwrap, _digest);
        _sample = options.SampleSize > 0 ? new RowSample(options.SampleSize, seed: 1) : null;
        Plan = new SendPlan { CallsPerMinute = connection?.CallsPerMinute ?? options.CallsPerMinute };
        _findings = new RowFindings(options.TellsEveryFinding, options.RejectedPath is not null && !options.PlanOnly, _messages.Enqueue);
        _digest = options.JournalPath is null || options.PlanOnly ? null : new RowDigest();
        _objectRow = new ObjectRow(_encoder, _columns, options.Unwrap, _digest);
        if (options.PlanOnly)
            return;
        if (connection is null)
            throw new ArgumentNullException(nameof(connection));
        var version = options.ApiVersion ?? connection.ApiVersion;
        _journal = options.JournalPath is null
            ? null
            : RunJournal.Open(options.JournalPath, RunSettings.Of(options, connection, version), options.Restart, options.Resend, options.Files);
        _rejectedFile = options.RejectedPath is null ? null : new RejectedRowFile(options.RejectedPath, options.Files, path => _journal?.Add(new RejectsRecord(path, options.RejectedPath), flush: true));
        _recorder = _journal is null ? null : new RunRecorder(_journal, _rejectedFile, () => new RowCounts(Accounting.Read, Accounting.Rejected, Accounting.Empty, Accounting.Merged));
        var uploader = new BatchUploader(connection, version, _journal, bytes => Interlocked.Add(ref _bytesSent, bytes), _messages.Enqueue);
        _queue = new BatchQueue(uploader, Accounting, _messages, options.ThrottleLimit, _journal, _cancelled);
        Interlocked.Increment(ref s_live);
        if (_journal is { IsCompleted: false })
            GoOn(_journal.Earlier);
    }

    /// <summary>Runs of this process that may still send.</summary>
    public static int LiveCount => Volatile.Read(ref s_live);

    /// <summary>Where every row went.</summary>
    public RunAccounting Accounting { get; } = new();

    /// <summary>What was packed; the whole result when only planning.</summary>
    public SendPlan Plan { get; }

    /// <summary>Why the run stopped early, or null. The rows after it are not sent.</summary>
    public Exception? Failure => _tooManyRejected ?? _queue?.Failure;

    /// <summary>When the very same rows were sent to the end before, in UTC, so that nothing was sent now; null if they were not.</summary>
    public DateTime? SentBefore { get; private set; }

    /// <summary>True while rows are worth adding.</summary>
    public bool CanContinue => Failure is null;

    /// <summary>Uploads under way.</summary>
    public int LiveUploads => _queue?.LiveCount ?? 0;

    /// <summary>Bytes of all sources, where known; for the progress.</summary>
    public long? SourceBytes { get; set; }

    /// <summary>Rows of the files that were kept for a comparison.</summary>
    public IReadOnlyList<SampledRow> Sample => _sample?.Rows ?? [];

    /// <summary>How far the run is.</summary>
    public SendProgress Progress => new()
    {
        Rows = Accounting.Read,
        Batches = _batches,
        BatchesDone = _queue?.DoneCount ?? 0,
        BytesSent = Interlocked.Read(ref _bytesSent),
        SourceBytesRead = SourceBytesRead,
        SourceBytes = SourceBytes,
        Elapsed = _clock.Elapsed,
    };

    private long SourceBytesRead { get; set; }

    /// <summary>Adds the rows of a CSV file.</summary>
    /// <exception cref="CsvFormatException">The file as a whole cannot be read.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    /// <exception cref="InvalidDataException">The text is damaged throughout: the encoding is wrong.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public void AddFile(string path) => AddFiles([path]);

    /// <summary>Adds the rows of all CSV files of a command; they share batches.</summary>
    /// <exception cref="CsvFormatException">A file as a whole cannot be read.</exception>
    /// <exception cref="IOException">A file cannot be opened or read.</exception>
    /// <exception cref="InvalidDataException">The text is damaged throughout: the encoding is wrong.</exception>
    /// <exception cref="JournalException">The files are not those of the run that the journal belongs to.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public void AddFiles(IReadOnlyList<string> paths)
    {
        if (WasSentBefore(paths))
            return;
        foreach (var path in paths)
        {
            if (CanContinue)
                AddCsv(SourceFile.Open(path, _cancelled), Path.GetFileName(path));
        }
    }

    /// <summary>Adds the rows of CSV text.</summary>
    /// <param name="stream">The text; disposed at the end.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <exception cref="CsvFormatException">The text as a whole cannot be read.</exception>
    /// <exception cref="InvalidDataException">The text is damaged throughout: the encoding is wrong.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public void AddCsv(Stream stream, string source)
    {
        BeginAnew();
        AddCsv(new InterruptibleStream(() => stream, _cancelled), source);
    }

    /// <summary>Begins a row of named values.</summary>
    public ObjectRow BeginRow()
    {
        if (!_readsRows)
        {
            _readsRows = true;
            BeginAnew();
            _recorder?.BeginSource(SourceRecord.Rows, "the pipeline", _digest!, text: null);
        }

        CountRow();
        _encoder.Begin();
        _objectRow.Begin();
        return _objectRow;
    }

    /// <summary>Ends the row that was begun, and sends a batch if one is full.</summary>
    /// <exception cref="ArgumentException">The first row has no id column, or two: no row can be sent.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public void EndRow()
    {
        if (_row == 1 && (_objectRow.MissingId() ?? _columns.UnmatchedName(_objectRow.Names)) is string missing)
        {
            if (!IsRepeated)
                Accounting.Rejected++;
            throw new ArgumentException(missing);
        }

        if (IsRepeated)
            RepeatObjectRow();
        else if (EndRow(null, _row, null) == RowResult.Rejected)
            _rejectedFile?.WriteValues(_objectRow.Names, _objectRow.Texts(), _row, Reason());
        if ((_row & 0xFF) == 0 || !_messages.IsEmpty)
            Pause();
    }

    /// <summary>Sends a finished batch file as it is; a check tells its faults instead.</summary>
    /// <exception cref="InvalidDataException">The file is no batch file that the service would take.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public void AddBatchFile(string path)
    {
        if (_options.TellsEveryFinding)
        {
            CheckBatchFile(path);
            return;
        }

        BeginAnew();
        EndRows();
        Post(_builder.Seal());
        var batch = BatchFile.Read(path, _builder.NextNumber, _row + 1, _cancelled);
        _recorder?.BeginSource(SourceRecord.BatchFile, Path.GetFileName(path), new WholeFile(batch), text: null);
        _builder.TakeNumber();
        if (IsRepeated)
        {
            _row += batch.RowCount;
            var cover = _recorder!.EndRecorded(batch.Sha256, out _);
            if (cover.IsSettled)
                batch.Dispose();
            else
                Repeat(cover, batch);
            return;
        }

        for (var i = 0; i < batch.RowCount; i++)
            CountRow();
        Post(batch);
        _recorder?.EndSource();
    }

    /// <summary>Sends what is left and waits for every outcome.</summary>
    /// <param name="sourceEnded">True if the source was read to its end.</param>
    /// <exception cref="InvalidOperationException">The accounting does not balance: a defect.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled; the accounting is complete all the same.</exception>
    public void Complete(bool sourceEnded)
    {
        if (_isComplete)
            return;
        _isComplete = true;
        Accounting.SourceEnded = sourceEnded && CanContinue && !_cancelled.IsCancellationRequested;
        if (sourceEnded)
            EndSources();
        Post(_builder.Seal());
        while (_queue is not null && !_queue.WaitForAll(Patience))
            Tell();
        EndJournal();
        _rejectedFile?.Flush();
        if (_batches == 0 && _findings.Damage(Accounting.Read) is string damage)
            Warn(damage);
        _findings.TellRest(_rejectedFile?.Written ?? []);
        Tell();
        Plan.Rows = Accounting.Read;
        Plan.Rejected = Accounting.Rejected;
        Plan.Empty = Accounting.Empty;
        Release();
        if (!_options.PlanOnly && !Accounting.IsBalanced)
            throw new InvalidOperationException($"The run does not balance. This is a defect, please report it: {Accounting}");
        _cancelled.ThrowIfCancellationRequested();
    }

    /// <summary>Ends the calls under way; no further one begins. May be called from any thread, any number of times.</summary>
    public void Cancel()
    {
        try
        {
            _cancellation.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The run is over.
        }
    }

    /// <summary>Cancels what is still under way and waits for it to end.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        Cancel();
        while (_queue is not null && !_queue.WaitForAll(Patience))
        {
            // Cancelled calls end at once.
        }

        Release();
        _builder.Dispose();
        _digest?.Dispose();
        _queue?.Dispose();
        _cancellation.Dispose();
    }

    private void Release()
    {
        if (_isReleased || _queue is null)
            return;
        _isReleased = true;
        _rejectedFile?.Dispose();
        _journal?.Dispose();
        Interlocked.Decrement(ref s_live);
    }

    private void AddCsv(InterruptibleStream stream, string source)
    {
        EndRows();
        var before = SourceBytesRead;
        using var reader = new CsvReader(stream, source, _options.Csv, isMarked: _recorder is not null);
        var columns = CsvColumns.Of(reader.Header, _columns, source);
        try
        {
            _recorder?.BeginSource(SourceRecord.Csv, source, reader, text: null);
            RepeatRows(reader, columns);
            AddRows(reader, columns, source, () => SourceBytesRead = before + stream.BytesRead);
            if (CanContinue)
                _recorder?.EndSource();
        }
        catch
        {
            // Where the rows at hand end in their source is not certain, so they wait for the next command.
            _recorder?.Break();
            throw;
        }

        if (reader.RowNumber == 0 && CanContinue)
            Warn($"{source} has no rows.");
        Pause();
    }

    private void AddRows(CsvReader reader, Column[] columns, string source, Action onPause)
    {
        const int RowsBetweenPauses = 1024;
        var untilPause = RowsBetweenPauses;
        while (CanContinue && reader.Read())
        {
            CountRow();
            Encode(reader, columns);
            switch (EndRow(source, reader.RowNumber, reader.LineNumber))
            {
                case RowResult.Added:
                    _sample?.Consider(reader, columns, _columns);
                    break;
                case RowResult.Rejected:
                    _rejectedFile?.WriteRecord(reader.HeaderText, reader.RawRecord, reader.Delimiter, reader.MissingFields, reader.RowNumber, Reason());
                    break;
            }

            if (--untilPause > 0)
                continue;
            untilPause = RowsBetweenPauses;
            onPause();
            Pause();
        }

        onPause();
    }

    private void Encode(CsvReader reader, Column[] columns)
    {
        _encoder.Begin();
        if (reader.Fault is RowRule fault)
            _encoder.Reject(fault, reader.FaultColumn <= columns.Length ? columns[reader.FaultColumn - 1].Name : $"#{reader.FaultColumn}");
        else
            AddFields(reader, columns);
    }

    /// <summary>Passes over the rows that earlier commands covered; batches without a final outcome are made again and sent first.</summary>
    private void RepeatRows(CsvReader reader, Column[] columns)
    {
        while (CanContinue && IsRepeated)
        {
            var (cover, range) = _recorder!.Recorded;
            if (cover.IsSettled)
            {
                _row += range.LastRow - range.FirstRow + 1;
                _encoder.SetIdType(columns);
            }
            else
            {
                while (reader.RowNumber < range.LastRow && reader.Read())
                {
                    _row++;
                    Encode(reader, columns);
                    RepeatRow(cover);
                }
            }

            EndRepeated(reader.SkipTo(new SourceMark(range.LastRow, range.End, range.NextLine, range.SuspectUntil, "")));
            Pause();
        }
    }

    private void RepeatObjectRow()
    {
        var (cover, range) = _recorder!.Recorded;
        RepeatRow(cover);
        if (_digest!.Rows == range.LastRow)
            EndRepeated(_digest.MarkEnd().Sha256);
    }

    private void RepeatRow(CoverState cover)
    {
        _encoder.Appends = !cover.IsSettled;
        _encoder.End(_row, out var full);
        _encoder.Appends = true;
        if (full is not null)
            _recorder!.Recognise(cover, full);
    }

    private void EndRepeated(string? sha256)
    {
        var cover = _recorder!.EndRecorded(sha256, out var isLast);
        if (!isLast || cover.Record.Batch == 0)
            return;
        if (cover.IsSettled)
            _builder.TakeNumber();
        else
            Repeat(cover, _builder.Seal());
    }

    private void Repeat(CoverState cover, SealedBatch? batch)
    {
        _recorder!.Recognise(cover, batch);
        batch!.StateBefore = cover.State;
        _batches++;
        Send(batch, _queue!, record: () => { });
    }

    private bool IsRepeated => _recorder?.IsRepeating == true;

    private void CountRow()
    {
        _row++;
        if (!IsRepeated)
            Accounting.CountRead();
    }

    /// <summary>Takes over what earlier commands of the journal did.</summary>
    private void GoOn(JournalContent earlier)
    {
        foreach (var cover in earlier.Covers)
        {
            Accounting.AddEarlier(cover.Record.Read, cover.Record.Rejected, cover.Record.Empty, cover.Record.Merged);
            if (cover.IsSettled)
                Accounting.CountBatch(cover.State, cover.Record.Rows);
        }

        if (earlier.Rejects is { } rejects && rejects.Asked == _options.RejectedPath)
            _rejectedFile?.Continue(rejects.Path, earlier.Covers.SelectMany(cover => cover.Record.Rejects));
        if (earlier.Covers.Count > 0 && SentBefore is null)
            Warn(FormattableString.Invariant($"The run goes on where it ended: {Accounting.Read:N0} rows were read before, {Accounting.Accepted:N0} of them accepted."));
    }

    /// <summary>Looks whether these are the files that the journal says were sent to the end; if not, the journal is begun anew.</summary>
    private bool WasSentBefore(IReadOnlyList<string> paths)
    {
        if (_journal is not { IsCompleted: true })
            return false;
        if (SentFiles.AreThese(paths, _journal.Earlier, _options.Csv, _cancelled))
        {
            SentBefore = _journal.Earlier.End!.At;
            GoOn(_journal.Earlier);
            return true;
        }

        BeginAnew();
        return false;
    }

    private void BeginAnew()
    {
        if (_journal is { IsCompleted: true })
            _journal.StartAnew();
    }

    private void EndSources()
    {
        try
        {
            EndRows();
            if (SentBefore is null && _recorder?.Unseen is { } unseen && CanContinue && !_cancelled.IsCancellationRequested)
                throw unseen;
        }
        catch (JournalException e)
        {
            Accounting.SourceEnded = false;
            _recorder!.Break();
            _queue!.Stop(e);
        }
    }

    private void EndRows()
    {
        if (!_readsRows)
            return;
        _readsRows = false;
        _recorder?.EndSource();
    }

    private void EndJournal()
    {
        if (_recorder is null || SentBefore is not null)
            return;
        foreach (var missed in _recorder.Missed)
            Accounting.CountBatch(missed.State, missed.Record.Rows);
        try
        {
            _recorder.End(isComplete: Accounting.SourceEnded && Accounting.NotSent == 0 && Accounting.Uncertain == 0);
        }
        catch (Exception e) when (e is JournalException or IOException)
        {
            _queue!.Stop(e);
        }
    }

    private void CheckBatchFile(string path)
    {
        var faults = BatchFile.Check(path, out var rows, _cancelled);
        for (var i = 0L; i < rows; i++)
            Accounting.CountRead();
        Accounting.Rejected += faults.Count;
        foreach (var fault in faults)
            _messages.Enqueue(new RunMessage.RowFound(fault));
        Pause();
    }

    private void AddFields(CsvReader reader, Column[] columns)
    {
        for (var i = 0; i < reader.FieldCount; i++)
            _encoder.Add(columns[i], reader.Field(i));
    }

    private RowResult EndRow(string? source, long rowNumber, long? line)
    {
        var result = _encoder.End(_row, out var full);
        switch (result)
        {
            case RowResult.Added:
                foreach (var (rule, column) in _encoder.Warnings)
                    _findings.AddWarning(source, rowNumber, line, column, rule);
                break;
            case RowResult.Empty:
                Accounting.Empty++;
                break;
            case RowResult.Rejected:
                Accounting.Rejected++;
                _findings.AddError(source, rowNumber, line, _encoder.FaultColumn, _encoder.Fault!);
                if (Accounting.Rejected > _options.MaxRejected)
                    _tooManyRejected = new InvalidDataException(FormattableString.Invariant($"More than {_options.MaxRejected:N0} rows were rejected, so the run stopped. Correct the source, or raise -MaxRejected."));
                break;
        }

        Post(full, beforeRow: true);
        return result;
    }

    private string Reason()
    {
        var rule = _encoder.Fault!;
        return _encoder.FaultColumn is string column ? $"{rule.Id}: column '{column}': {rule.Requirement}" : $"{rule.Id}: {rule.Requirement}";
    }

    /// <param name="batch">The batch; null if there is none.</param>
    /// <param name="beforeRow">True if the row that was read last belongs to the next batch.</param>
    private void Post(SealedBatch? batch, bool beforeRow = false)
    {
        if (batch is null)
            return;
        _batches++;
        Plan.Batches++;
        Plan.Bytes += batch.Length;
        var damage = _batches == 1 ? _findings.Damage(Accounting.Read) : null;
        var damaged = damage is null ? null : new InvalidDataException(damage);
        if (damaged is not null)
            _queue?.Stop(damaged);
        if (_queue is null)
            batch.Dispose();
        else
            Send(batch, _queue, () => Record(batch, beforeRow));
        if (damaged is null)
            return;
        Tell();
        throw damaged;
    }

    /// <summary>Brings to the disk what must be there before a batch leaves: its rows, and what was rejected up to here.</summary>
    private void Record(SealedBatch batch, bool beforeRow)
    {
        if (_recorder is null)
            _rejectedFile?.Flush();
        else
            _recorder.Cover(batch, beforeRow);
    }

    private void Send(SealedBatch batch, BatchQueue queue, Action record)
    {
        while (CanContinue && _recorder?.CanCover != false && !_cancelled.IsCancellationRequested)
        {
            // Before the next batch leaves, so that an owner who stops at an outcome stops there.
            Tell();
            if (!queue.TryTakePlace(Patience))
                continue;
            try
            {
                record();
            }
            catch (Exception e) when (e is JournalException or IOException or UnauthorizedAccessException)
            {
                queue.ReturnPlace();
                queue.Stop(e);
                break;
            }

            queue.Start(batch);
            return;
        }

        queue.Skip(batch);
    }

    private void Pause()
    {
        Tell();
        _cancelled.ThrowIfCancellationRequested();
    }

    private void Tell()
    {
        while (_messages.TryDequeue(out var message))
            _onMessage(message);
        var now = _clock.Elapsed;
        if (_progressShownAt > TimeSpan.MinValue && now - _progressShownAt < ProgressInterval)
            return;
        _progressShownAt = now;
        _onProgress(Progress);
    }

    private void Warn(string text) => _messages.Enqueue(new RunMessage.Warning(text));
}
