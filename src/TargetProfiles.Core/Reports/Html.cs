using System.Globalization;
using System.Xml.Linq;

namespace TargetProfiles.Reports;

/// <summary>Elements of a page. Whatever text goes in is escaped when the page is written.</summary>
internal static class Html
{
    public static XElement Element(string name, params object?[] content) => new(name, content);

    public static XAttribute? Class(string name) => name.Length == 0 ? null : Attribute("class", name);

    public static XAttribute Attribute(string name, object value) => new(name, value);

    /// <summary>A section with its heading, which names it for those who do not see the page.</summary>
    public static XElement Section(string id, string heading, params object?[] content) => Element(
        "section", Attribute("aria-labelledby", id), Element("h2", Attribute("id", id), heading), content);

    public static XElement Paragraph(params object?[] content) => Element("p", content);

    /// <summary>A table that scrolls by itself where the window is narrow.</summary>
    /// <param name="caption">What it tells.</param>
    /// <param name="columns">The headings; one that begins with '#' is of a column of numbers.</param>
    /// <param name="rows">Cells by row; the first one names the row.</param>
    public static XElement Table(string caption, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<object?>> rows) =>
        Element("div", Class("scroll"), Attribute("role", "region"), Attribute("aria-label", caption), Attribute("tabindex", 0), Element(
            "table",
            Element("caption", caption),
            Element("thead", Element("tr", columns.Select(column => Cell("th", column, column.TrimStart('#'), Attribute("scope", "col"))))),
            Element("tbody", rows.Select(row => Element("tr", row.Select((value, at) =>
                at == 0 ? Cell("th", columns[at], value, Attribute("scope", "row")) : Cell("td", columns[at], value, null)))))));

    /// <summary>A state as a word in its colour.</summary>
    /// <param name="level"><c>good</c>, <c>wait</c>, <c>bad</c> or <c>none</c>.</param>
    /// <param name="text">The word.</param>
    public static XElement Badge(string level, string text) => Element("span", Class($"badge {level}"), text);

    public static XElement Code(string text) => Element("code", text);

    public static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Number(double value) => value.ToString(value < 10 ? "0.#" : "N0", CultureInfo.InvariantCulture);

    /// <summary>A share of a whole; what is not quite all, or not quite nothing, is never rounded to it.</summary>
    public static string Percent(long part, long whole)
    {
        if (whole == 0)
            return "0 %";
        var percent = 100.0 * part / whole;
        return (percent, part == whole, part == 0) switch
        {
            (_, true, _) => "100 %",
            (_, _, true) => "0 %",
            ( > 99.9, _, _) => "over 99.9 %",
            ( < 0.1, _, _) => "under 0.1 %",
            _ => percent.ToString("0.0", CultureInfo.InvariantCulture) + " %",
        };
    }

    public static string Moment(DateTime utc) => utc.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC";

    /// <summary>A moment as an element that machines read too.</summary>
    public static XElement Time(DateTime utc, string? format = null) => Element(
        "time",
        Attribute("datetime", utc.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)),
        format is null ? Moment(utc) : utc.ToString(format, CultureInfo.InvariantCulture));

    public static string Duration(TimeSpan span) => span switch
    {
        { TotalSeconds: < 10 } => FormattableString.Invariant($"{span.TotalSeconds:0.0} seconds"),
        { TotalMinutes: < 2 } => FormattableString.Invariant($"{span.TotalSeconds:0} seconds"),
        { TotalHours: < 2 } => FormattableString.Invariant($"{span.TotalMinutes:0} minutes"),
        { TotalDays: < 2 } => FormattableString.Invariant($"{span.TotalHours:0.#} hours"),
        _ => FormattableString.Invariant($"{span.TotalDays:0.#} days"),
    };

    private static XElement Cell(string name, string column, object? value, XAttribute? scope) =>
        Element(name, scope, column.StartsWith("#", StringComparison.Ordinal) ? Attribute("class", "number") : null, value);
}
