using System.Xml.Linq;

namespace TargetProfiles.Reports;

/// <summary>A whole and its parts as one bar, with the parts in words below.</summary>
internal static class ShareBar
{
    private const double Width = 720;
    private const double Height = 26;
    private const double LeastWidth = 3;

    /// <param name="id">Id of the picture.</param>
    /// <param name="title">What it shows.</param>
    /// <param name="noun">What is counted.</param>
    /// <param name="parts">The parts: class, words and count. Those of nothing are left out.</param>
    public static IEnumerable<XElement> Of(string id, string title, string noun, params (string ClassName, string Label, long Count)[] parts)
    {
        var shown = parts.Where(part => part.Count > 0).ToList();
        var whole = shown.Sum(part => part.Count);
        // What is little is still seen; the large ones give way.
        var widths = shown.ConvertAll(part => Math.Max(LeastWidth, Width * part.Count / whole));
        var scale = Width / Math.Max(Width, widths.Sum());
        var x = 0.0;
        var bars = new List<XElement>();
        for (var at = 0; at < shown.Count; at++)
        {
            var bar = Chart.Shape("rect", shown[at].ClassName, ("x", x), ("y", 0), ("width", Math.Max(1, (widths[at] * scale) - 1)), ("height", Height));
            bar.Add(Html.Element("title", $"{shown[at].Label}: {Html.Number(shown[at].Count)}"));
            bars.Add(bar);
            x += widths[at] * scale;
        }

        yield return Html.Element(
            "svg",
            Html.Class("share"),
            Html.Attribute("viewBox", FormattableString.Invariant($"0 0 {Width} {Height}")),
            Html.Attribute("preserveAspectRatio", "none"),
            Html.Attribute("role", "img"),
            Html.Attribute("aria-labelledby", $"{id}-title {id}-description"),
            Html.Element("title", Html.Attribute("id", $"{id}-title"), title),
            Html.Element("desc", Html.Attribute("id", $"{id}-description"), $"{CountText.Of(whole, noun)}: {string.Join(", ", shown.Select(part => $"{Html.Number(part.Count)} {part.Label}"))}."),
            bars);
        yield return Html.Element("ul", Html.Class("legend"), shown.Select(part => Html.Element(
            "li",
            Html.Element("svg", Html.Class("key"), Html.Attribute("viewBox", "0 0 14 14"), Html.Attribute("aria-hidden", "true"), Chart.Shape("rect", part.ClassName, ("x", 1), ("y", 1), ("width", 12), ("height", 12))),
            Html.Element("strong", Html.Number(part.Count)),
            $" {part.Label} ({Html.Percent(part.Count, whole)})")));
    }
}
