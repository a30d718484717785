using System.Diagnostics;

namespace TargetProfiles.Emulator;

/// <summary>
/// The emulator's time. It runs with real time and can be moved forward; processing, fetch lag, the throttle's window,
/// retention and expiry all go by it.
/// </summary>
public sealed class EmulatorClock
{
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
        if (by < TimeSpan.Zero || by > TimeSpan.FromDays(36_500))
        {
            throw new ArgumentOutOfRangeException(nameof(by), by, "The clock moves forward only, by at most 36,500 days.");
        }

        Interlocked.Add(ref _advancedTicks, by.Ticks);
        Advanced?.Invoke();
    }

    internal event Action? Advanced;
}
