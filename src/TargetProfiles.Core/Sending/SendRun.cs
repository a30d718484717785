using System.Collections.Concurrent;
using System.Diagnostics;
using TargetProfiles.Batches;
using TargetProfiles.Rows;
using TargetProfiles.Sending.Comparing;
using TargetProfiles.Sending.Duplicates;
using TargetProfiles.Sending.Journal;

namespace TargetProfiles.Sending;

/// <summary>
/// One run: rows in, batches out, every row accounted for. The owner adds rows from one thread and is called back on that
/// thread; batches leave in the background. Only <see cref="Cancel"/> may be called from elsewhere.
/// </summary>
public sealed partial class SendRun : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(200);
    private const int SampleSeed = 1;

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
    private readonly TargetConnection? _connection;
    private readonly RowSample? _sample;
    private readonly Canary? _canary;
    private readonly RunJournal? _journal;
    private readonly RunRecorder? _recorder;
    private readonly RowDigest? _digest;
    private HeldBatches? _held;
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
    /// <exception cref="JournalException">The journal cannot be used.</exception>
    public SendRun(SendOptions options, TargetConnection? connection, Action<RunMessage> onMessage, Action<SendProgress> onProgress)
    {
        _options = options ?? throw new ArgumentNullException(nameof(options));
        _onMessage = onMessage ?? throw new ArgumentNullException(nameof(onMessage));
        _onProgress = onProgress ?? throw new ArgumentNullException(nameof(onProgress));
        if (options.ThrottleLimit is < 1 or > 16)
            throw new ArgumentException("-ThrottleLimit must be 1 to 16.");
        if (options.Canary is < 1 or > MostCanaryRows)
            throw new ArgumentException(FormattableString.Invariant($"-Canary must be 1 to {MostCanaryRows:N0}."));
        var isJournaled = options.JournalPath is not null && !options.PlanOnly;
        _cancelled = _cancellation.Token;
        _columns = new ColumnMap(options.Mapping, Warn);
        _builder = new BatchBuilder(new BatchLimits(options.Limits.Rows, options.Limits.Bytes) { FirstBatchRows = options.Canary }, _columns.AttributeNames);
        _encoder = new RowEncoder(_columns, _builder);
        _digest = isJournaled ? new RowDigest() : null;
        _objectRow = new ObjectRow(_encoder, _columns, options.Unwrap, _digest);
        _duplicates = new DuplicateGuard(options.DuplicateIdAction, _columns, options.Csv, isJournaled, () => new RowEncoder(_columns, _builder));
        _findings = new RowFindings(options.TellsEveryFinding, options.RejectedPath is not null && !options.PlanOnly, options.CountsFindingsOnly ? _ => { } : _messages.Enqueue);
        _sample = options.SampleSize > 0 ? new RowSample(options.SampleSize, SampleSeed) : null;
        _connection = connection;
        Plan = new SendPlan { CallsPerMinute = connection?.CallsPerMinute ?? options.CallsPerMinute, Canary = options.Canary ?? 0 };
        if (options.PlanOnly)
            return;
        if (connection is null)
            throw new ArgumentNullException(nameof(connection));
        if (connection.TokenExpiryWarning(DateTime.UtcNow) is { } expiry)
            Warn(expiry);
        var version = options.ApiVersion ?? connection.ApiVersion;
        _journal = isJournaled ? RunJournal.Open(options.JournalPath!, RunSettings.Of(options, connection, version), options.Restart, options.Resend, options.Files) : null;
        _canary = options.Canary is null || Canary.HasArrived(_journal?.Earlier) ? null : new Canary();
        _rejectedFile = options.RejectedPath is null ? null : new RejectedRowFile(options.RejectedPath, options.Files, OnNewRejectedFile);
        _recorder = _journal is null ? null : new RunRecorder(_journal, _rejectedFile, () => new RowCounts(Accounting.Read, Accounting.Rejected, Accounting.Empty, Accounting.Merged, _findings.CountByRule()));
        var uploader = new BatchUploader(connection, version, _journal, bytes => Interlocked.Add(ref _bytesSent, bytes), _messages.Enqueue);
        _queue = new BatchQueue(uploader, Accounting, _messages, options.ThrottleLimit, _journal, _cancelled);
        Interlocked.Increment(ref s_live);
        if (_journal is { Completed: null })
            GoOnOrRelease(_journal.Earlier);
        else if (_rejectedFile is not null)
            _rejectedFile.IsHeld = _journal is not null;
    }

    /// <summary>Runs of this process that may still send.</summary>
    public static int LiveCount => Volatile.Read(ref s_live);

    /// <summary>Where every row went; with a journal, since the journal began.</summary>
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
        IsAwaitingCanary = _canary?.IsAwaited == true,
        Elapsed = _clock.Elapsed,
    };

    private long SourceBytesRead { get; set; }

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
        if (Accounting.SourceEnded)
            EndSources();
        Post(_packsAgain ? null : _builder.Seal());
        EndHolding();
        while (_queue is not null && !_queue.WaitForAll(Patience))
            Tell();
        EndJournal();
        _rejectedFile?.Flush();
        if (_batches == 0 && _findings.Damage(Accounting.Read) is string damage)
            Warn(damage);
        _findings.TellRest(_rejectedFile?.Written ?? []);
        if (Accounting.Merged > 0)
            _messages.Enqueue(new RunMessage.Detail($"{CountText.Of(Accounting.Merged, "row was merged into an earlier row", "rows were merged into earlier rows")} of the same id."));
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
        _held?.Dispose();
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

    private void Pause()
    {
        Tell();
        _cancelled.ThrowIfCancellationRequested();
    }

    private void Tell()
    {
        while (_messages.TryDequeue(out var message))
        {
            if (message is RunMessage.BatchDone done)
                _canary?.Take(done.Batch);
            _onMessage(message);
        }

        var now = _clock.Elapsed;
        if (_progressShownAt > TimeSpan.MinValue && now - _progressShownAt < ProgressInterval)
            return;
        _progressShownAt = now;
        _onProgress(Progress);
    }

    private void Warn(string text) => _messages.Enqueue(new RunMessage.Warning(text));
}
