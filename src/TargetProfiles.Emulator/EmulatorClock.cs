using System.Diagnostics;

namespace TargetProfiles.Emulator;

/// <summary>
/// The emulator's time. It runs with real time and can be moved forward; processing, fetch lag, the throttle's window,
/// retention and expiry all go by it.
/// </summary>
public sealed class EmulatorClock
{
    private static readonly DateTimeOffset End = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly DateTimeOffset _start = DateTimeOffset.UtcNow;
    private readonly Stopwatch _running = Stopwatch.StartNew();
    private long _advancedTicks;

    internal EmulatorClock()
    {
    }

    /// <summary>The emulator's present, in UTC.</summary>
    public DateTimeOffset UtcNow => _start + _running.Elapsed + TimeSpan.FromTicks(Interlocked.Read(ref _advancedTicks));

    /// <summary>Moves time forward; whatever falls due by it is done when this returns.</summary>
    /// <param name="by">How far, not negative.</param>
    public void Advance(TimeSpan by)
    {
        if (by < TimeSpan.Zero || by > End - UtcNow)
        {
            throw new ArgumentOutOfRangeException(nameof(by), by, "The clock moves forward only, and not beyond the year 9000.");
        }

        Interlocked.Add(ref _advancedTicks, by.Ticks);
        Advanced?.Invoke();
    }

    /// <summary>That much later, or earlier if negative; a span too long to count stands for "never".</summary>
    internal static DateTimeOffset Later(DateTimeOffset time, TimeSpan by) =>
        by > DateTimeOffset.MaxValue - time ? DateTimeOffset.MaxValue
        : by < DateTimeOffset.MinValue - time ? DateTimeOffset.MinValue
        : time + by;

    internal event Action? Advanced;
}
