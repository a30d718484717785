using System.Globalization;

namespace TargetProfiles.Reports;

/// <summary>Time from left to right, in steps that people count in.</summary>
internal sealed class TimeAxis
{
    private const int MostTicks = 7;
    private const int MostIntervals = 48;

    private static readonly double[] StepsInSeconds =
        [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 2_592_000];

    private readonly double _left;
    private readonly double _width;
    private readonly double _seconds;

    public TimeAxis(DateTime from, DateTime to, double left, double width)
    {
        _left = left;
        _width = width;
        var shortest = TimeSpan.FromSeconds(0.2);
        To = to - from < shortest ? from + shortest : to;
        From = from;
        _seconds = (To - From).TotalSeconds;
    }

    public DateTime From { get; }

    public DateTime To { get; }

    /// <summary>Seconds of the parts in which something that happens again and again is counted.</summary>
    public double IntervalSeconds => Step(MostIntervals);

    public IEnumerable<(double X, string Label)> Ticks
    {
        get
        {
            var step = Step(MostTicks);
            var format = step < 1 ? "HH:mm:ss.f" : step < 60 ? "HH:mm:ss" : _seconds < 86_400 ? "HH:mm" : "MM-dd HH:mm";
            for (var at = Floor(From, step) + TimeSpan.FromSeconds(step); at <= To; at += TimeSpan.FromSeconds(step))
                yield return (X(at), at.ToString(format, CultureInfo.InvariantCulture));
        }
    }

    public double X(DateTime at) => _left + (_width * (at - From).TotalSeconds / _seconds);

    private static DateTime Floor(DateTime at, double step)
    {
        var ticks = TimeSpan.FromSeconds(step).Ticks;
        return new DateTime(at.Ticks / ticks * ticks, DateTimeKind.Utc);
    }

    private double Step(int most) => Array.Find(StepsInSeconds, step => _seconds / step <= most) is > 0 and var found ? found : Math.Ceiling(_seconds / most);
}
