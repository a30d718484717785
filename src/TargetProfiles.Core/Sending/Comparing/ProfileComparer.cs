using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace TargetProfiles.Sending.Comparing;

/// <summary>
/// Fetches the profiles of rows, some at a time, and looks again at those that do not match until the time is over: values
/// may take up to a day. Everything is told on the owner's thread.
/// </summary>
internal sealed class ProfileComparer : IDisposable
{
    /// <summary>Rows that are waited for at a time; further ones are not read before some have an outcome.</summary>
    private const int MostWaiting = 10_000;

    private const int FailuresInARowThatStop = 3;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    private readonly ServiceCalls _calls;
    private readonly OrderedCalls<TargetProfile?> _fetches;
    private readonly TimeSpan _timeout;
    private readonly CancellationToken _cancelled;
    private readonly Action<TargetProfileComparison> _onCompared;
    private readonly Action<ExpectedProfile, Exception> _onFailed;
    private readonly Action _onPause;
    private readonly Stopwatch _clock = new();
    private readonly SortedDictionary<long, Look> _open = [];
    private long _rows;
    private int _waiting;
    private int _failuresInARow;
    private bool _hasFetched;
    private Exception? _lastFailure;

    /// <param name="connection">Where to fetch.</param>
    /// <param name="throttleLimit">Fetches at a time.</param>
    /// <param name="timeout">How long to look again, from the first fetch; zero looks once.</param>
    /// <param name="onCompared">Gets each row with its outcome.</param>
    /// <param name="onFailed">Gets each row whose profile could not be fetched.</param>
    /// <param name="onPause">Called now and then.</param>
    /// <param name="cancellation">Ends the fetches.</param>
    public ProfileComparer(
        TargetConnection connection,
        int throttleLimit,
        TimeSpan timeout,
        Action<TargetProfileComparison> onCompared,
        Action<ExpectedProfile, Exception> onFailed,
        Action onPause,
        CancellationToken cancellation)
    {
        _calls = new ServiceCalls(connection);
        _fetches = new OrderedCalls<TargetProfile?>(throttleLimit, OnFetched, cancellation);
        _timeout = timeout;
        _onCompared = onCompared;
        _onFailed = onFailed;
        _onPause = onPause;
        _cancelled = cancellation;
    }

    /// <summary>Rows that do not match yet.</summary>
    public int WaitingCount => _waiting;

    /// <summary>Time until waiting ends.</summary>
    public TimeSpan TimeLeft => _timeout > _clock.Elapsed ? _timeout - _clock.Elapsed : TimeSpan.Zero;

    /// <summary>Begins to compare a row.</summary>
    /// <exception cref="TargetServiceException">No profile can be fetched.</exception>
    /// <exception cref="OperationCanceledException">The comparison was cancelled.</exception>
    public void Add(ExpectedProfile row)
    {
        _clock.Start();
        ProfileKey key;
        try
        {
            key = row.Key();
        }
        catch (ArgumentException e)
        {
            _onFailed(row, e);
            return;
        }

        var look = new Look(++_rows, row, key);
        _open.Add(look.Number, look);
        Fetch(look);
        if (_waiting >= MostWaiting)
            Settle(MostWaiting / 2);
    }

    /// <summary>Waits until every row has its outcome.</summary>
    /// <exception cref="TargetServiceException">No profile can be fetched.</exception>
    /// <exception cref="OperationCanceledException">The comparison was cancelled.</exception>
    public void Complete()
    {
        Settle(most: 0);
        if (!_hasFetched && _lastFailure is not null)
            ExceptionDispatchInfo.Capture(_lastFailure).Throw();
    }

    /// <summary>Ends before the time is over: tells what is known of the rows that are waited for.</summary>
    public void GiveUp() => TellWaiting(isFinal: false);

    public void Dispose() => _fetches.Dispose();

    private void Settle(int most)
    {
        _fetches.Complete();
        var pause = FirstPause;
        while (_waiting > most)
        {
            // The last look comes when the time is over.
            var isLast = TimeLeft <= pause;
            Wait(isLast ? TimeLeft : pause);
            foreach (var look in _open.Values.ToList())
                Fetch(look);
            _fetches.Complete();
            if (isLast)
                TellWaiting(isFinal: true);
            pause = TimeSpan.FromTicks(Math.Min((long)(pause.Ticks * 1.6), LongestPause.Ticks));
        }
    }

    private void Fetch(Look look)
    {
        _fetches.Add(cancellation => FetchAsync(look.Key, cancellation), look);
        _onPause();
    }

    /// <returns>The profile, or null if there is none.</returns>
    private async Task<TargetProfile?> FetchAsync(ProfileKey key, CancellationToken cancellation)
    {
        try
        {
            return await _calls.GetProfileAsync(key, cancellation).ConfigureAwait(false);
        }
        catch (TargetServiceException e) when (e.Kind == ServiceFailureKind.ProfileNotFound)
        {
            return null;
        }
    }

    private void OnFetched(Task<TargetProfile?> fetch, object? key)
    {
        var look = (Look)key!;
        if (fetch.Exception?.InnerException is { } failure)
        {
            _failuresInARow++;
            if (failure is TargetServiceException { EndsEveryCall: true } || _failuresInARow == FailuresInARowThatStop)
                ExceptionDispatchInfo.Capture(failure).Throw();
            _lastFailure = failure;
            look.Failure = failure;
            if (_timeout > TimeSpan.Zero && failure is TargetServiceException { IsTransient: true })
            {
                KeepWaiting(look);
                return;
            }

            Close(look);
            _onFailed(look.Row, failure);
            return;
        }

        _hasFetched = true;
        _failuresInARow = 0;
        var comparison = new TargetProfileComparison(look.Row, fetch.Result, isFinal: false);
        if (comparison.Outcome == ComparisonOutcome.Match || _timeout == TimeSpan.Zero)
        {
            Close(look);
            _onCompared(comparison);
            return;
        }

        look.Failure = null;
        look.Profile = fetch.Result;
        KeepWaiting(look);
    }

    private void KeepWaiting(Look look)
    {
        if (!look.IsWaiting)
            _waiting++;
        look.IsWaiting = true;
    }

    private void TellWaiting(bool isFinal)
    {
        foreach (var look in _open.Values.Where(look => look.IsWaiting).ToList())
        {
            Close(look);
            if (look.Failure is not null)
                _onFailed(look.Row, look.Failure);
            else
                _onCompared(new TargetProfileComparison(look.Row, look.Profile, isFinal));
        }
    }

    private void Close(Look look)
    {
        _open.Remove(look.Number);
        if (look.IsWaiting)
            _waiting--;
    }

    private void Wait(TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        for (var left = time; left > TimeSpan.Zero; left = time - clock.Elapsed)
        {
            _onPause();
            _cancelled.WaitHandle.WaitOne(left < Patience ? left : Patience);
            _cancelled.ThrowIfCancellationRequested();
        }
    }

    /// <summary>A row without outcome.</summary>
    private sealed class Look(long number, ExpectedProfile row, ProfileKey key)
    {
        public long Number { get; } = number;

        public ExpectedProfile Row { get; } = row;

        public ProfileKey Key { get; } = key;

        /// <summary>The row was looked at, and did not match or could not be fetched.</summary>
        public bool IsWaiting { get; set; }

        /// <summary>The profile as it was then; null if there was none.</summary>
        public TargetProfile? Profile { get; set; }

        /// <summary>Why the last look could not fetch it; null if it could.</summary>
        public Exception? Failure { get; set; }
    }
}
