using System.Collections;
using System.ComponentModel;
using System.Globalization;
using System.Management.Automation;

namespace TargetProfiles.PowerShell.Formatting;

/// <summary>Values as the format views show them. Objects that came back from a job or a file hold texts and numbers alone, and show the same.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class DisplayText
{
    private const double Step = 1024;

    private static readonly string[] Units = ["B", "KB", "MB", "GB", "TB"];

    /// <summary>A number of bytes, with its unit.</summary>
    public static string? Size(object? bytes)
    {
        if (bytes is null)
            return null;
        var size = LanguagePrimitives.ConvertTo<double>(bytes);
        var unit = 0;
        for (; size >= Step && unit < Units.Length - 1; unit++)
            size /= Step;
        return $"{size.ToString(unit == 0 ? "N0" : "N1", CultureInfo.CurrentCulture)} {Units[unit]}";
    }

    /// <summary>A state or a severity: green where all is well, red where it is not, yellow in between.</summary>
    public static string? State(object? state)
    {
        var text = state?.ToString();
        return text switch
        {
            null => null,
            "Accepted" or "Complete" or "Match" => Colour.Green(text),
            "Refused" or "NotSent" or "Stuck" or "CompleteWithFailures" or "Error" or "Different" or "Missing" => Colour.Red(text),
            _ => Colour.Yellow(text),
        };
    }

    /// <summary>What differs between a row and its profile.</summary>
    public static string? Difference(object? outcome, object? expected, object? found)
    {
        if (outcome?.ToString() != nameof(ComparisonOutcome.Different) || Entries(expected) is not { } wanted)
            return null;
        var there = Entries(found);
        return string.Join(", ", wanted.Keys.Cast<object>().OrderBy(name => name.ToString(), StringComparer.Ordinal)
            .Select(name => there?.Contains(name) == true ? $"{name}: {there[name]}, not {wanted[name]}" : $"{name}: nothing, not {wanted[name]}"));
    }

    /// <summary>How long until a time in UTC: days and hours, red where it is over, yellow in the last week.</summary>
    public static string? TimeLeft(object? time)
    {
        if (time is null)
            return null;
        var left = LanguagePrimitives.ConvertTo<DateTime>(time).ToUniversalTime() - DateTime.UtcNow;
        if (left <= TimeSpan.Zero)
            return Colour.Red("expired");
        var text = $"{left.Days.ToString(CultureInfo.CurrentCulture)} d {left.Hours.ToString(CultureInfo.CurrentCulture)} h";
        return left < TimeSpan.FromDays(7) ? Colour.Yellow(text) : text;
    }

    /// <summary>Attributes of a profile, one a line.</summary>
    public static string? Attributes(object? attributes)
    {
        var entries = Entries(attributes);
        return entries is null
            ? attributes?.ToString()
            : string.Join("\n", entries.Keys.Cast<object>().Select(key => $"{key} = {entries[key]}").OrderBy(line => line, StringComparer.Ordinal));
    }

    private static IDictionary? Entries(object? dictionary) => (dictionary is PSObject wrapped ? wrapped.BaseObject : dictionary) as IDictionary;
}
