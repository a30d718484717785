using System.Diagnostics;
using TargetProfiles.Files;
using TargetProfiles.Sending.Journal;

namespace TargetProfiles.Sending.Comparing;

/// <summary>
/// One comparison: rows in, and each held against the profile that Target has. The owner adds rows to <see cref="Rows"/>
/// from one thread and is called back on that thread. Only <see cref="Cancel"/> may be called from elsewhere.
/// </summary>
public sealed class CompareRun : IDisposable
{
    private const long ManyRows = 10_000;

    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(200);

    private readonly CompareOptions _options;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly RowSample? _sample;
    private readonly ProfileComparer _comparer;
    private readonly Action<TargetProfileComparison> _onCompared;
    private readonly Action<RunMessage> _onMessage;
    private readonly Action<CompareProgress> _onProgress;
    private readonly Stopwatch _sinceProgress = Stopwatch.StartNew();
    private bool _isManyTold;
    private bool _isComplete;
    private bool _isDisposed;

    /// <summary>Starts a comparison.</summary>
    /// <param name="options">How to read and compare.</param>
    /// <param name="connection">Where to fetch.</param>
    /// <param name="onCompared">Gets each row with its outcome; those that match at once in their order, the others when it is known.</param>
    /// <param name="onFailed">Gets each row whose profile could not be fetched, while others can.</param>
    /// <param name="onMessage">Gets what the user should know.</param>
    /// <param name="onProgress">Called at most five times a second.</param>
    /// <exception cref="JournalException">There is something in the journal's place that is none.</exception>
    /// <exception cref="IOException">There is no journal, or it cannot be read.</exception>
    public CompareRun(
        CompareOptions options,
        TargetConnection connection,
        Action<TargetProfileComparison> onCompared,
        Action<string, Exception> onFailed,
        Action<RunMessage> onMessage,
        Action<CompareProgress> onProgress)
    {
        _options = options ?? throw new ArgumentNullException(nameof(options));
        if (connection is null)
            throw new ArgumentNullException(nameof(connection));
        if (onFailed is null)
            throw new ArgumentNullException(nameof(onFailed));
        _onCompared = onCompared ?? throw new ArgumentNullException(nameof(onCompared));
        _onMessage = onMessage ?? throw new ArgumentNullException(nameof(onMessage));
        _onProgress = onProgress ?? throw new ArgumentNullException(nameof(onProgress));
        if (options.SampleSize < 1)
            throw new ArgumentException("-SampleSize must be 1 or more.");
        if (options.ThrottleLimit is < 1 or > 64)
            throw new ArgumentException("-ThrottleLimit must be 1 to 64.");
        if (options.JournalPath is not null)
            JournalFile.Read(options.JournalPath);
        Summary = new TargetProfileComparisonSummary(options.SampleSize, options.SampleSize is null ? null : options.Seed);
        _sample = options.SampleSize is int size ? new RowSample(size, options.Seed) : null;
        _comparer = new ProfileComparer(connection, options.ThrottleLimit, options.Timeout, Tell, Fail, TellProgress, _cancellation.Token);
        Rows = new SendRun(
            new SendOptions
            {
                Mapping = options.Mapping,
                Csv = options.Csv,
                DuplicateIdAction = options.DuplicateIdAction,
                Unwrap = options.Unwrap,
                PlanOnly = true,
                CountsFindingsOnly = true,
                OnPacked = Take,
            },
            null,
            onMessage,
            _ => TellProgress());

        void Fail(ExpectedProfile row, Exception failure)
        {
            Summary.Failed++;
            onFailed(FormattableString.Invariant($"{(row.Source is null ? "Row" : $"{row.Source}, row")} {row.Row:N0}"), failure);
        }
    }

    /// <summary>Takes the rows, by the rules of a send. Sends nothing.</summary>
    public SendRun Rows { get; }

    /// <summary>What became of the rows; goes on counting.</summary>
    public TargetProfileComparisonSummary Summary { get; }

    /// <summary>Compares what is left and waits for every outcome.</summary>
    /// <param name="sourceEnded">True if the source was read to its end; if not, nothing is waited for.</param>
    /// <exception cref="TargetServiceException">No profile can be fetched. What was known till then is told.</exception>
    /// <exception cref="JournalException">The journal cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The comparison was cancelled. What was known till then is told.</exception>
    public void Complete(bool sourceEnded)
    {
        if (_isComplete)
            return;
        _isComplete = true;
        try
        {
            Rows.Complete(sourceEnded);
            CountRows();
            if (!sourceEnded)
                return;
            foreach (var row in _sample?.Rows ?? [])
                _comparer.Add(row);
            _comparer.Complete();
        }
        finally
        {
            CountRows();
            _comparer.GiveUp();
        }

        if (_options.JournalPath is not null)
            Record(_options.JournalPath);
    }

    /// <summary>Ends the fetches under way; no further one begins. May be called from any thread.</summary>
    public void Cancel()
    {
        Rows.Cancel();
        try
        {
            _cancellation.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The comparison is over.
        }
    }

    /// <summary>Cancels what is still under way and waits for it to end.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        Cancel();
        _comparer.Dispose();
        Rows.Dispose();
        _cancellation.Dispose();
    }

    private void Take(Func<ExpectedProfile> read)
    {
        if (_sample is not null)
        {
            _sample.Consider(read);
            return;
        }

        if (Rows.Accounting.Read > ManyRows && !_isManyTold)
        {
            _isManyTold = true;
            _onMessage(new RunMessage.Warning(FormattableString.Invariant($"There are more than {ManyRows:N0} rows, and each is one call. -SampleSize 1000 compares so many of them, evenly chosen.")));
        }

        _comparer.Add(read());
    }

    private void Tell(TargetProfileComparison comparison)
    {
        Summary.Count(comparison.Outcome);
        _onCompared(comparison);
    }

    private void CountRows()
    {
        Summary.Read = Rows.Accounting.Read;
        Summary.Rejected = Rows.Accounting.Rejected;
        Summary.Empty = Rows.Accounting.Empty;
        Summary.Merged = Rows.Accounting.Merged;
    }

    private void Record(string path)
    {
        using var journal = JournalFile.Open(path, FileStore.Disk, out _);
        journal.Add(ComparedRecord.Of(Summary), flush: true);
    }

    private void TellProgress()
    {
        if (_sinceProgress.Elapsed < ProgressInterval)
            return;
        _sinceProgress.Restart();
        _onProgress(new CompareProgress
        {
            Rows = Rows.Accounting.Read,
            Compared = Summary.Compared,
            Waiting = _comparer.WaitingCount,
            TimeLeft = _comparer.TimeLeft,
        });
    }
}
