using System.Xml.Linq;

namespace TargetProfiles.Reports;

/// <summary>A batch's outcome as a small shape: each outcome has one of its own, so that nobody depends on colours.</summary>
internal static class BatchMark
{
    public static XElement Of(BatchState state, double x, double y) => state switch
    {
        BatchState.Accepted => Chart.Shape("circle", "good", ("cx", x), ("cy", y), ("r", 3)),
        BatchState.Refused => Chart.Shape("rect", "bad", ("x", x - 4), ("y", y - 4), ("width", 8), ("height", 8)),
        BatchState.Uncertain => Polygon("wait", (x, y - 6), (x + 6, y), (x, y + 6), (x - 6, y)),
        _ => Polygon("none", (x, y - 5), (x + 5, y + 4), (x - 5, y + 4)),
    };

    /// <summary>The outcome in words.</summary>
    public static string Word(BatchState state) => state switch
    {
        BatchState.Accepted => "accepted",
        BatchState.Refused => "refused",
        BatchState.Uncertain => "outcome unknown",
        _ => "not sent",
    };

    public static string Level(BatchState state) => state switch
    {
        BatchState.Accepted => "good",
        BatchState.Refused => "bad",
        BatchState.Uncertain => "wait",
        _ => "none",
    };

    /// <summary>What the shapes mean.</summary>
    public static XElement Legend(IEnumerable<BatchState> states) => Html.Element("ul", Html.Class("legend"), states.Select(state => Html.Element(
        "li",
        Html.Element("svg", Html.Class("key"), Html.Attribute("viewBox", "0 0 14 14"), Html.Attribute("aria-hidden", "true"), Of(state, 7, 7)),
        Word(state))));

    private static XElement Polygon(string className, params (double X, double Y)[] points) =>
        Html.Element("polygon", Html.Class(className), Html.Attribute("points", string.Join(" ", points.Select(point => $"{Chart.Number(point.X)},{Chart.Number(point.Y)}"))));
}
