using System.Collections.Concurrent;
using System.Diagnostics;
using TargetProfiles.Batches;
using TargetProfiles.Profiles;
using TargetProfiles.Rows;
using TargetProfiles.Sending.Duplicates;

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
    private readonly DuplicateGuard _duplicates;
    private readonly RowFindings _findings;
    private readonly RejectedRowFile? _rejectedFile;
    private readonly BatchQueue? _queue;
    private readonly RowSample? _sample;
    private TimeSpan _progressShownAt = TimeSpan.MinValue;
    private long _bytesSent;
    private int _batches;
    private InvalidDataException? _tooManyRejected;
    private bool _isIndexing;
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
        _objectRow = new ObjectRow(_encoder, _columns, options.Unwrap);
        _duplicates = new DuplicateGuard(options.DuplicateIdAction, _columns, options.Csv, () => new RowEncoder(_columns, _builder));
        _rejectedFile = options.RejectedPath is null || options.PlanOnly ? null : new RejectedRowFile(options.RejectedPath);
        _findings = new RowFindings(options.TellsEveryFinding, _rejectedFile is not null, _messages.Enqueue);
        _sample = options.SampleSize > 0 ? new RowSample(options.SampleSize, seed: 1) : null;
        Plan = new SendPlan { CallsPerMinute = connection?.CallsPerMinute ?? options.CallsPerMinute };
        if (options.PlanOnly)
            return;
        if (connection is null)
            throw new ArgumentNullException(nameof(connection));
        var version = options.ApiVersion ?? connection.ApiVersion;
        var uploader = new BatchUploader(connection, version, bytes => Interlocked.Add(ref _bytesSent, bytes), _messages.Enqueue);
        _queue = new BatchQueue(uploader, Accounting, _messages, options.ThrottleLimit, _cancelled);
        Interlocked.Increment(ref s_live);
    }

    /// <summary>Runs of this process that may still send.</summary>
    public static int LiveCount => Volatile.Read(ref s_live);

    /// <summary>Where every row went.</summary>
    public RunAccounting Accounting { get; } = new();

    /// <summary>What was packed; the whole result when only planning.</summary>
    public SendPlan Plan { get; }

    /// <summary>Why the run stopped early, or null. The rows after it are not sent.</summary>
    public Exception? Failure => _tooManyRejected ?? _queue?.Failure;

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
        IsIndexing = _isIndexing,
        Elapsed = _clock.Elapsed,
    };

    private long SourceBytesRead { get; set; }

    /// <summary>
    /// Reads the ids of CSV files whose rows will be added, so that the rows of one id become one. Does nothing where duplicates
    /// are treated otherwise, and leaves files out that cannot be read twice. What is wrong with a file is told when it is added.
    /// </summary>
    /// <exception cref="IOException">There is no room for what does not fit into memory.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public void IndexFiles(IReadOnlyList<string> paths)
    {
        if (paths is null)
            throw new ArgumentNullException(nameof(paths));
        if (!_duplicates.MergesFiles || paths.Count == 0 || !CanContinue)
            return;
        var before = SourceBytesRead;
        _isIndexing = true;
        try
        {
            _duplicates.Index(paths, _encoder.IdType, TellIndexing, _cancelled);
        }
        finally
        {
            _isIndexing = false;
            SourceBytesRead = before;
        }

        void TellIndexing(long bytes)
        {
            SourceBytesRead = bytes;
            Tell();
        }
    }

    /// <summary>Adds the rows of CSV files, as <see cref="IndexFiles"/> and then <see cref="AddFile"/> for each would.</summary>
    /// <exception cref="CsvFormatException">A file as a whole cannot be read.</exception>
    /// <exception cref="IOException">A file cannot be opened or read, or has changed meanwhile.</exception>
    /// <exception cref="InvalidDataException">The text is damaged throughout: the encoding is wrong.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public void AddFiles(IReadOnlyList<string> paths)
    {
        IndexFiles(paths);
        foreach (var path in paths)
        {
            if (CanContinue)
                AddFile(path);
        }
    }

    /// <summary>Adds the rows of a CSV file. Its rows are merged with those of the files that were indexed together with it.</summary>
    /// <exception cref="CsvFormatException">The file as a whole cannot be read.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    /// <exception cref="InvalidDataException">The text is damaged throughout: the encoding is wrong.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public void AddFile(string path)
    {
        var file = _duplicates.BeginFile(path, Accounting.Read);
        if (file is null && _duplicates.MergesFiles)
        {
            IndexFiles([path]);
            file = _duplicates.BeginFile(path, Accounting.Read);
        }

        if (file is null)
        {
            _duplicates.BeginSource(Path.GetFileName(path), Accounting.Read);
            AddCsv(() => SourceFile.Open(path), Path.GetFileName(path), _options.Csv);
            return;
        }

        file.Failure?.Throw();
        _encoder.KeyBy(file.IdType);
        var before = SourceBytesRead;
        AddCsv(file.Open, file.Name, file.Csv);
        if (CanContinue)
            SourceBytesRead = before + file.Length;
    }

    /// <summary>Adds the rows of CSV text.</summary>
    /// <param name="stream">The text; disposed at the end.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <exception cref="ArgumentException">Duplicates are to be merged, which text that is read once cannot be.</exception>
    /// <exception cref="CsvFormatException">The text as a whole cannot be read.</exception>
    /// <exception cref="InvalidDataException">The text is damaged throughout: the encoding is wrong.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public void AddCsv(Stream stream, string source)
    {
        _duplicates.RequireReadableOnce();
        _duplicates.BeginSource(source, Accounting.Read);
        AddCsv(() => stream, source, _options.Csv);
    }

    /// <summary>Begins a row of named values.</summary>
    /// <exception cref="ArgumentException">Duplicates are to be merged, which such rows cannot be.</exception>
    public ObjectRow BeginRow()
    {
        _duplicates.RequireReadableOnce();
        _duplicates.BeginSource(null, Accounting.Read);
        Accounting.CountRead();
        _encoder.Begin();
        _objectRow.Begin();
        return _objectRow;
    }

    /// <summary>Ends the row that was begun, and sends a batch if one is full.</summary>
    /// <exception cref="ArgumentException">The first row has no id column, or two: no row can be sent.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public void EndRow()
    {
        if (Accounting.Read == 1 && (_objectRow.MissingId() ?? _columns.UnmatchedName(_objectRow.Names)) is string missing)
        {
            Accounting.Rejected++;
            throw new ArgumentException(missing);
        }

        if (EndRow(null, Accounting.Read, null, Fate(offset: 0)) == RowResult.Rejected)
            _rejectedFile?.WriteValues(_objectRow.Names, _objectRow.Texts(), Accounting.Read, Reason());
        if ((Accounting.Read & 0xFF) == 0 || !_messages.IsEmpty)
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

        Post(_builder.Seal());
        var batch = BatchFile.Read(path, _builder.NextNumber, Accounting.Read + 1, _cancelled);
        _builder.TakeNumber();
        for (var i = 0; i < batch.RowCount; i++)
            Accounting.CountRead();
        Post(batch);
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
        Post(_builder.Seal());
        while (_queue is not null && !_queue.WaitForAll(Patience))
            Tell();
        _rejectedFile?.Flush();
        if (_batches == 0 && _findings.Damage(Accounting.Read) is string damage)
            Warn(damage);
        _findings.TellRest(_rejectedFile?.Written ?? []);
        if (Accounting.Merged > 0)
            _messages.Enqueue(new RunMessage.Detail(FormattableString.Invariant($"{Accounting.Merged:N0} rows were merged into earlier rows of the same id.")));
        Tell();
        Plan.Rows = Accounting.Read;
        Plan.Rejected = Accounting.Rejected;
        Plan.Empty = Accounting.Empty;
        Plan.Merged = Accounting.Merged;
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
        _duplicates.Dispose();
        _rejectedFile?.Dispose();
        _queue?.Dispose();
        _cancellation.Dispose();
    }

    private void Release()
    {
        if (_isReleased || _queue is null)
            return;
        _isReleased = true;
        Interlocked.Decrement(ref s_live);
    }

    private void AddCsv(Func<Stream> open, string source, CsvOptions csv)
    {
        const int RowsBetweenPauses = 1024;
        var before = SourceBytesRead;
        var stream = new InterruptibleStream(open, _cancelled);
        using var reader = new CsvReader(stream, source, csv);
        var columns = CsvColumns.Of(reader.Header, _columns, source);
        var untilPause = RowsBetweenPauses;
        while (CanContinue && reader.Read())
        {
            Accounting.CountRead();
            _encoder.Begin();
            if (reader.Fault is RowRule fault)
                _encoder.Reject(fault, reader.FaultColumn <= columns.Length ? columns[reader.FaultColumn - 1].Name : $"#{reader.FaultColumn}");
            else
                AddFields(reader, columns);
            var fate = Fate(reader.RecordOffset);
            switch (EndRow(source, reader.RowNumber, reader.LineNumber, fate))
            {
                case RowResult.Added when fate != RowFate.Carries:
                    _sample?.Consider(reader, columns, _columns);
                    break;
                case RowResult.Rejected:
                    _rejectedFile?.WriteRecord(reader.HeaderText, reader.RawRecord, reader.Delimiter, reader.MissingFields, reader.RowNumber, Reason());
                    break;
            }

            if (--untilPause > 0)
                continue;
            untilPause = RowsBetweenPauses;
            SourceBytesRead = before + stream.BytesRead;
            Pause();
        }

        SourceBytesRead = before + stream.BytesRead;
        if (reader.RowNumber == 0 && CanContinue)
            Warn($"{source} has no rows.");
        Pause();
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

    private RowFate Fate(long offset)
    {
        if (_encoder.Judge() != RowResult.Added)
            return RowFate.Alone;
        try
        {
            return _duplicates.FateOf(_encoder, Accounting.Read, offset);
        }
        catch
        {
            // The run ends here, and its books must be right all the same.
            Accounting.CountBatch(BatchState.NotSent, 1);
            throw;
        }
    }

    private RowResult EndRow(string? source, long rowNumber, long? line, RowFate fate)
    {
        SealedBatch? full = null;
        var result = fate == RowFate.Merged ? RowResult.Merged
            : (fate == RowFate.Carries ? _duplicates.MergedRow : _encoder).End(Accounting.Read, out full);
        if (fate == RowFate.Repeats)
            _findings.AddWarning(source, rowNumber, line, _encoder.IdColumn!.Name, RowRule.IdDuplicate, _duplicates.Text);
        switch (result)
        {
            case RowResult.Added:
                TellWarnings(source, rowNumber, line);
                break;
            case RowResult.Merged:
                Accounting.Merged++;
                TellWarnings(source, rowNumber, line);
                break;
            case RowResult.Empty:
                Accounting.Empty++;
                break;
            case RowResult.Rejected:
                Accounting.Rejected++;
                _findings.AddError(source, rowNumber, line, _encoder.FaultColumn, _encoder.Fault!, _encoder.FaultText);
                if (Accounting.Rejected > _options.MaxRejected)
                    _tooManyRejected = new InvalidDataException(FormattableString.Invariant($"More than {_options.MaxRejected:N0} rows were rejected, so the run stopped. Correct the source, or raise -MaxRejected."));
                break;
        }

        Post(full);
        return result;
    }

    private void TellWarnings(string? source, long rowNumber, long? line)
    {
        foreach (var (rule, column) in _encoder.Warnings)
            _findings.AddWarning(source, rowNumber, line, column, rule);
    }

    private string Reason() => _encoder.FaultColumn is string column
        ? $"{_encoder.Fault!.Id}: column '{column}': {_encoder.FaultText}"
        : $"{_encoder.Fault!.Id}: {_encoder.FaultText}";

    private void Post(SealedBatch? batch)
    {
        if (batch is null)
            return;
        // What was rejected up to here is on the disk before what follows leaves.
        _rejectedFile?.Flush();
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
            Send(batch, _queue);
        if (damaged is null)
            return;
        Tell();
        throw damaged;
    }

    private void Send(SealedBatch batch, BatchQueue queue)
    {
        while (CanContinue && !_cancelled.IsCancellationRequested)
        {
            // Before the next batch leaves, so that an owner who stops at an outcome stops there.
            Tell();
            if (queue.TryTakePlace(Patience))
            {
                queue.Start(batch);
                return;
            }
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
