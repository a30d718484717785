using System.Globalization;
using System.Xml.Linq;

namespace TargetProfiles.Reports;

/// <summary>A picture of amounts over time, with axes, and with words for those who do not see it.</summary>
internal sealed class Chart
{
    private const double Width = 720;
    private const double Height = 240;
    private const double Left = 58;
    private const double Right = 12;
    private const double Top = 14;
    private const double Bottom = 34;

    private readonly List<XElement> _shapes = [];

    public Chart(DateTime from, DateTime to, double most)
    {
        Times = new TimeAxis(from, to, Left, Width - Left - Right);
        Values = new ValueAxis(most, Height - Bottom, Height - Bottom - Top);
    }

    public TimeAxis Times { get; }

    public ValueAxis Values { get; }

    public void Add(XElement shape) => _shapes.Add(shape);

    /// <summary>A line across the picture at a moment.</summary>
    public void Mark(DateTime at, string className, string title) =>
        Add(Line(Times.X(at), Top, Times.X(at), Height - Bottom, className, Html.Element("title", title)));

    /// <param name="id">Id of the picture.</param>
    /// <param name="title">What it shows.</param>
    /// <param name="description">What is seen in it.</param>
    public XElement Draw(string id, string title, string description) => Html.Element(
        "svg",
        Html.Class("chart"),
        Html.Attribute("viewBox", FormattableString.Invariant($"0 0 {Width} {Height}")),
        Html.Attribute("role", "img"),
        Html.Attribute("aria-labelledby", $"{id}-title {id}-description"),
        Html.Element("title", Html.Attribute("id", $"{id}-title"), title),
        Html.Element("desc", Html.Attribute("id", $"{id}-description"), description),
        Values.Ticks.Select(tick => new object[]
        {
            Line(Left, tick.Y, Width - Right, tick.Y, "grid"),
            Text(Left - 8, tick.Y + 4, "end", tick.Label),
        }),
        Times.Ticks.Select(tick => new object[]
        {
            Line(tick.X, Height - Bottom, tick.X, Height - Bottom + 5, "axis"),
            Text(tick.X, Height - Bottom + 19, tick.X > Width - Right - 30 ? "end" : "middle", tick.Label),
        }),
        _shapes,
        Line(Left, Height - Bottom, Width - Right, Height - Bottom, "axis"));

    public static XElement Shape(string name, string className, params (string Name, double Value)[] numbers) =>
        Html.Element(name, Html.Class(className), numbers.Select(number => Html.Attribute(number.Name, Number(number.Value))));

    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static XElement Line(double x1, double y1, double x2, double y2, string className, params object[] content)
    {
        var line = Shape("line", className, ("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2));
        line.Add(content);
        return line;
    }

    private static XElement Text(double x, double y, string anchor, string text)
    {
        var element = Shape("text", "tick", ("x", x), ("y", y));
        element.Add(Html.Attribute("text-anchor", anchor), text);
        return element;
    }
}
