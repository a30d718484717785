using System.Collections.Concurrent;
using System.Diagnostics;

namespace TargetProfiles.Sending;

/// <summary>
/// Keeps the process within the account's calls a minute (fact 2.5), submits before status calls. One 503 shuts the gate
/// for everyone; when it opens, a single call goes ahead, and the others follow once it got through.
/// </summary>
/// <param name="callsPerMinute">Calls a minute; 0 means no limit.</param>
/// <param name="clock">Tells the time that has passed; tests turn it by hand.</param>
internal sealed class CallBudget(int callsPerMinute, Func<TimeSpan>? clock = null)
{
    private static readonly ConcurrentDictionary<string, CallBudget> Shared = new(StringComparer.OrdinalIgnoreCase);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    private readonly object _lock = new();
    private readonly Func<TimeSpan> _clock = clock ?? RunningClock();
    private readonly Queue<TimeSpan> _calls = new();
    private TimeSpan _shutUntil;
    private bool _probing;
    private bool _probeNeeded;
    private int _waitingSubmits;
    private int _shuts;

    /// <summary>The budget of a connection's account, one for the whole process.</summary>
    public static CallBudget For(TargetConnection connection) =>
        Shared.GetOrAdd($"{connection.Endpoint.Authority}/{connection.ClientCode}/{connection.CallsPerMinute}", _ => new CallBudget(connection.CallsPerMinute));

    /// <summary>Waits for a turn.</summary>
    /// <returns>The turn, to be handed back when the call has ended.</returns>
    public async Task<int> TakeAsync(bool isSubmit, Action<TimeSpan>? onWait, CancellationToken cancellation)
    {
        if (isSubmit)
            Interlocked.Increment(ref _waitingSubmits);
        try
        {
            var told = false;
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                var wait = TryTake(isSubmit, out var turn);
                if (wait == TimeSpan.Zero)
                    return turn;
                if (!told && wait > TimeSpan.FromSeconds(1))
                {
                    told = true;
                    onWait?.Invoke(wait);
                }

                await Task.Delay(wait, cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            if (isSubmit)
                Interlocked.Decrement(ref _waitingSubmits);
        }
    }

    /// <summary>A call got an answer other than "too many".</summary>
    public void Passed(int turn)
    {
        lock (_lock)
        {
            // A call from before the gate was shut says nothing of what the service takes now.
            if (turn != _shuts)
                return;
            _probing = false;
            _probeNeeded = false;
        }
    }

    /// <summary>A call ended without telling whether the gate is open.</summary>
    public void EndedUnknown(int turn)
    {
        lock (_lock)
            _probing &= turn != _shuts;
    }

    /// <summary>The service said "too many": nobody calls for a while.</summary>
    public void Shut(TimeSpan delay)
    {
        lock (_lock)
        {
            _shuts++;
            _probing = false;
            _probeNeeded = true;
            var until = _clock() + delay;
            if (until > _shutUntil)
                _shutUntil = until;
        }
    }

    /// <summary>Takes a turn if there is one.</summary>
    /// <returns>Zero, or how long to wait before asking again.</returns>
    internal TimeSpan TryTake(bool isSubmit, out int turn)
    {
        lock (_lock)
        {
            turn = _shuts;
            var now = _clock();
            if (now < _shutUntil)
                return AtLeastATick(_shutUntil - now);
            if (_probing || (!isSubmit && Volatile.Read(ref _waitingSubmits) > 0))
                return Tick;
            if (callsPerMinute > 0)
            {
                while (_calls.Count > 0 && now - _calls.Peek() >= Window)
                    _calls.Dequeue();
                if (_calls.Count >= callsPerMinute)
                    return AtLeastATick(_calls.Peek() + Window - now);
                _calls.Enqueue(now);
            }

            _probing = _probeNeeded;
            return TimeSpan.Zero;
        }
    }

    private static Func<TimeSpan> RunningClock()
    {
        var running = Stopwatch.StartNew();
        return () => running.Elapsed;
    }

    private static TimeSpan AtLeastATick(TimeSpan wait) => wait > Tick ? wait : Tick;
}
