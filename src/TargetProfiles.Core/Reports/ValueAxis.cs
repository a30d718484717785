namespace TargetProfiles.Reports;

/// <summary>Amounts from the bottom to the top, in round steps.</summary>
internal sealed class ValueAxis
{
    private const int MostTicks = 4;

    private readonly double _bottom;
    private readonly double _height;
    private readonly double _step;

    public ValueAxis(double most, double bottom, double height)
    {
        _bottom = bottom;
        _height = height;
        _step = RoundStep(Math.Max(most, 1) / MostTicks);
        Most = Math.Ceiling(Math.Max(most, 1) / _step) * _step;
    }

    public double Most { get; }

    public IEnumerable<(double Y, string Label)> Ticks
    {
        get
        {
            for (var value = 0.0; value <= Most + (_step / 2); value += _step)
                yield return (Y(value), Html.Number(value));
        }
    }

    public double Y(double value) => _bottom - (_height * value / Most);

    private static double RoundStep(double least)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        foreach (var factor in new[] { 1, 2, 5 })
        {
            if (factor * power >= least)
                return Math.Max(1, factor * power);
        }

        return Math.Max(1, 10 * power);
    }
}
