using System.Collections.Concurrent;
using System.Diagnostics;

namespace TargetProfiles.Sending;

/// <summary>
/// Keeps the process within the account's calls a minute (fact 2.5), submits before status calls. One 503 shuts the gate
/// for everyone; when it opens, a single call goes ahead, and the others follow once it got through.
/// </summary>
internal sealed class CallBudget(int callsPerMinute)
{
    private static readonly ConcurrentDictionary<string, CallBudget> Shared = new(StringComparer.OrdinalIgnoreCase);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    private readonly object _lock = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Queue<TimeSpan> _calls = new();
    private TimeSpan _shutUntil;
    private bool _probing;
    private bool _probeNeeded;
    private int _waitingSubmits;

    /// <summary>The budget of a connection's account, one for the whole process.</summary>
    public static CallBudget For(TargetConnection connection) =>
        Shared.GetOrAdd($"{connection.Endpoint.Authority}/{connection.ClientCode}/{connection.CallsPerMinute}", _ => new CallBudget(connection.CallsPerMinute));

    /// <summary>Waits for a turn.</summary>
    public async Task TakeAsync(bool isSubmit, Action<TimeSpan>? onWait, CancellationToken cancellation)
    {
        if (isSubmit)
            Interlocked.Increment(ref _waitingSubmits);
        try
        {
            var told = false;
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                var wait = TryTake(isSubmit);
                if (wait == TimeSpan.Zero)
                    return;
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
    public void Passed()
    {
        lock (_lock)
        {
            _probing = false;
            _probeNeeded = false;
        }
    }

    /// <summary>A call ended without telling whether the gate is open.</summary>
    public void EndedUnknown()
    {
        lock (_lock)
            _probing = false;
    }

    /// <summary>The service said "too many": nobody calls for a while.</summary>
    public void Shut(TimeSpan delay)
    {
        lock (_lock)
        {
            _probing = false;
            _probeNeeded = true;
            var until = _clock.Elapsed + delay;
            if (until > _shutUntil)
                _shutUntil = until;
        }
    }

    private TimeSpan TryTake(bool isSubmit)
    {
        lock (_lock)
        {
            var now = _clock.Elapsed;
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

    private static TimeSpan AtLeastATick(TimeSpan wait) => wait > Tick ? wait : Tick;
}
