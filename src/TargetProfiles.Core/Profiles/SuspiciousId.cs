using System.Text;

namespace TargetProfiles.Profiles;

/// <summary>Ids that are no ids: what spreadsheets, databases and reports leave in an id column. Nothing can be deleted again, so they are stopped.</summary>
internal static class SuspiciousId
{
    private const int EcidLength = 38;
    private const int LongestWord = 40;

    /// <summary>Bytes of the longest word for nothing or for a total, a row count aside.</summary>
    public const int LongestShortWord = 15;

    private static readonly HashSet<string> Placeholders = new(StringComparer.OrdinalIgnoreCase)
    {
        "NULL", "(null)", "<null>", "\\N", "#N/A", "N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "NaN", "undefined", "None",
    };

    private static readonly HashSet<string> Totals = new(StringComparer.OrdinalIgnoreCase)
    {
        "total", "totals", "grand total", "sub total", "subtotal", "sum", "summe", "gesamt", "gesamtsumme", "total general", "totale", "suma",
    };

    /// <summary>The rule that an id breaks, or null.</summary>
    public static RowRule? Check(ReadOnlySpan<byte> id, RuleSet rules)
    {
        if (rules.Applies(RowRule.IdSurroundedByBlanks) && (StartsBlank(id) || EndsBlank(id)))
            return RowRule.IdSurroundedByBlanks;
        if (rules.Applies(RowRule.IdEcid) && id.Length == EcidLength && IsDigits(id))
            return RowRule.IdEcid;
        if (rules.Applies(RowRule.IdSpreadsheetNumber) && IsScientific(id))
            return RowRule.IdSpreadsheetNumber;
        if (rules.Applies(RowRule.IdPersonalData) && PersonalData.IsIn(id))
            return RowRule.IdPersonalData;
        if (id.Length > LongestWord || IsDigit(id[0]))
            return null;
        return CheckWord(id, rules);
    }

    /// <summary>True if a word for nothing or for a total may begin so.</summary>
    /// <param name="first">The first byte with 0x20 set, which makes a letter lower case.</param>
    public static bool MayBeginWord(byte first) => (char)first is 'n' or '(' or '<' or '\\' or '|' or '#' or 'u' or 't' or 'g' or 's';

    private static RowRule? CheckWord(ReadOnlySpan<byte> id, RuleSet rules)
    {
        // Cheap tests first: nearly every id is none of these words.
        if (id.Length > LongestShortWord || !MayBeginWord((byte)(id[0] | 0x20)))
            return IsRowCount(id) && rules.Applies(RowRule.IdTotalLine) ? RowRule.IdTotalLine : null;
        var word = Encoding.UTF8.GetString(id.ToArray()).TrimEnd(':');
        if (Placeholders.Contains(word) && rules.Applies(RowRule.IdPlaceholder))
            return RowRule.IdPlaceholder;
        return (Totals.Contains(word) || IsRowCount(id)) && rules.Applies(RowRule.IdTotalLine) ? RowRule.IdTotalLine : null;
    }

    /// <summary>A database tool's last line, such as <c>(5 rows affected)</c>.</summary>
    private static bool IsRowCount(ReadOnlySpan<byte> id) =>
        id[0] == '(' && id[id.Length - 1] == ')' && id.IndexOf(" row"u8) > 1 && IsDigits(id.Slice(1, id.IndexOf(" row"u8) - 1));

    /// <summary>What a spreadsheet makes of a long number: <c>1.23457E+11</c>, with a decimal comma in some countries.</summary>
    private static bool IsScientific(ReadOnlySpan<byte> id)
    {
        var exponent = id.LastIndexOfAny((byte)'E', (byte)'e');
        if (exponent < 1 || exponent + 2 >= id.Length || id[exponent + 1] is not ((byte)'+' or (byte)'-') || !IsDigits(id.Slice(exponent + 2)))
            return false;
        var mantissa = id.Slice(0, exponent);
        if (!IsDigit(mantissa[0]))
            return false;
        return mantissa.Length == 1 || (mantissa[1] is (byte)'.' or (byte)',' && mantissa.Length > 2 && IsDigits(mantissa.Slice(2)));
    }

    private static bool StartsBlank(ReadOnlySpan<byte> id) => Utf8Text.StartsWithWhiteSpace(id);

    private static bool EndsBlank(ReadOnlySpan<byte> id)
    {
        var last = id.Length - 1;
        while (last > 0 && (id[last] & 0xC0) == 0x80)
            last--;
        return Utf8Text.StartsWithWhiteSpace(id.Slice(last));
    }

    private static bool IsDigits(ReadOnlySpan<byte> text)
    {
        foreach (var c in text)
        {
            if (!IsDigit(c))
                return false;
        }

        return !text.IsEmpty;
    }

    private static bool IsDigit(byte c) => c is >= (byte)'0' and <= (byte)'9';
}
