using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text;
using TargetProfiles.Profiles;

namespace TargetProfiles.Rows;

/// <summary>Typed values as text that is the same in every culture: ISO 8601, <c>true</c>/<c>false</c>, invariant numbers.</summary>
internal static class ValueText
{
    /// <summary>Writes a value, or says why it cannot be written.</summary>
    public static RowRule? Read(object? value, string listSeparator, Func<object?, object?> unwrap, out string text)
    {
        text = value as string ?? "";
        if (text.Length > 0)
            return null;
        try
        {
            if (Of(value, listSeparator, unwrap) is not string written)
                return RowRule.ValueNested;
            text = written;
            return null;
        }
#pragma warning disable CA1031 // a list that cannot be listed is its row's fault, whatever it throws
        catch (Exception)
        {
            return RowRule.ValueUnreadable;
        }
#pragma warning restore CA1031
    }

    /// <summary>Writes a value; null and DBNull become nothing.</summary>
    /// <param name="value">The value, or a list of values.</param>
    /// <param name="listSeparator">What stands between the elements of a list.</param>
    /// <param name="unwrap">Takes a host's wrapper off a value, as PowerShell has one.</param>
    /// <returns>The text, or null if the value is an object with parts of its own.</returns>
    public static string? Of(object? value, string listSeparator, Func<object?, object?> unwrap)
    {
        value = unwrap(value);
        if (Scalar(value) is string text)
            return text;
        if (value is not IEnumerable list || value is IDictionary or byte[])
            return null;

        var joined = new StringBuilder();
        var first = true;
        foreach (var element in list)
        {
            if (Scalar(unwrap(element)) is not string part)
                return null;
            if (!first)
                joined.Append(listSeparator);
            joined.Append(part);
            first = false;
        }

        return joined.ToString();
    }

    private static string? Scalar(object? value) => value switch
    {
        null or DBNull => "",
        string text => text,
        bool truth => truth ? "true" : "false",
        char character => character.ToString(),
        DateTime time => Iso(time),
        DateTimeOffset time => time.ToString(time.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-dd'T'HH:mm:sszzz" : "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture),
        TimeSpan duration => duration.ToString("c", CultureInfo.InvariantCulture),
        float number => number.ToString("R", CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        Enum or Guid or Version => value.ToString(),
        Uri address => address.OriginalString,
        sbyte or byte or short or ushort or int or uint or long or ulong or decimal or BigInteger =>
            ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
#if NET
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        TimeOnly time => time.ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
#endif
        _ => null,
    };

    private static string Iso(DateTime time)
    {
        var format = time.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-dd'T'HH:mm:ssK" : "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK";
        return time.ToString(format, CultureInfo.InvariantCulture);
    }
}
