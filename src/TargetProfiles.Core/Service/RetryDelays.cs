namespace TargetProfiles;

/// <summary>How long to wait before a call is repeated.</summary>
internal sealed class RetryDelays
{
    /// <summary>The first wait after a broken connection or a server error; it doubles each time.</summary>
    public TimeSpan First { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The wait after a 503 or 429 that names none: the service counts by the minute, so a few seconds are useless.</summary>
    public TimeSpan Throttled { get; init; } = TimeSpan.FromSeconds(65);

    /// <summary>The longest wait that the service may ask for.</summary>
    public TimeSpan LongestAsked { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The wait before try number <paramref name="retry"/> + 1.</summary>
    public TimeSpan For(int retry, bool throttled, TimeSpan? asked)
    {
        if (asked is TimeSpan wanted)
            return wanted < TimeSpan.Zero ? TimeSpan.Zero : wanted > LongestAsked ? LongestAsked : wanted;
        if (throttled)
            return WithJitter(Throttled);
        var doubled = TimeSpan.FromTicks(First.Ticks << Math.Min(retry - 1, 20));
        return WithJitter(doubled > Longest ? Longest : doubled);
    }

    // Up to a tenth more, so that several machines do not come back at the same moment.
    private static TimeSpan WithJitter(TimeSpan delay)
    {
#pragma warning disable CA5394 // spreads load, guards nothing
        return delay + TimeSpan.FromTicks((long)(delay.Ticks * 0.1 * Jitter.NextDouble()));
#pragma warning restore CA5394
    }

#if NET
    private static Random Jitter => Random.Shared;
#else
    [ThreadStatic]
    private static Random? s_jitter;

    private static Random Jitter => s_jitter ??= new Random(Guid.NewGuid().GetHashCode());
#endif
}
