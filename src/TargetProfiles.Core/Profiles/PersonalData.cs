namespace TargetProfiles.Profiles;

/// <summary>Text that looks like an e-mail address, a phone number or a card number. Meant to be sure rather than complete.</summary>
internal static class PersonalData
{
    private const int ShortestPhone = 8;
    private const int LongestPhone = 15;

    public static bool IsIn(ReadOnlySpan<byte> text) => text.Length >= ShortestPhone - 1 && (IsEmail(text) || IsPhone(text) || IsCard(text));

    private static bool IsEmail(ReadOnlySpan<byte> text)
    {
        var at = text.IndexOf((byte)'@');
        if (at < 1 || text.Slice(at + 1).IndexOf((byte)'@') >= 0 || text.IndexOfAny((byte)' ', (byte)'/', (byte)':') >= 0)
            return false;
        var host = text.Slice(at + 1);
        var dot = host.LastIndexOf((byte)'.');
        if (dot < 1 || host.Length - dot - 1 < 2)
            return false;
        foreach (var c in host.Slice(dot + 1))
        {
            if (!IsLetter(c))
                return false;
        }

        return true;
    }

    /// <summary>In the international form, <c>+</c> or <c>00</c> in front; without it, digits are mostly something else.</summary>
    private static bool IsPhone(ReadOnlySpan<byte> text)
    {
        var isInternational = text[0] == '+' || (text.StartsWith("00"u8) && HasSeparator(text));
        return isInternational && DigitsBetween(text.Slice(text[0] == '+' ? 1 : 2), "-./() "u8) is >= ShortestPhone and <= LongestPhone;
    }

    /// <summary>13 to 19 digits of a card scheme that pass the Luhn test.</summary>
    private static bool IsCard(ReadOnlySpan<byte> text)
    {
        if (text[0] is < (byte)'2' or > (byte)'6' || DigitsBetween(text, " -"u8) is < 13 or > 19)
            return false;
        var sum = 0;
        var position = 0;
        for (var i = text.Length - 1; i >= 0; i--)
        {
            if (!IsDigit(text[i]))
                continue;
            var digit = text[i] - '0';
            if (position++ % 2 == 1)
                digit = digit > 4 ? (digit * 2) - 9 : digit * 2;
            sum += digit;
        }

        return sum % 10 == 0 && IsScheme(text, position);
    }

    // Visa, Mastercard, American Express, Discover, by their public prefixes and lengths.
    private static bool IsScheme(ReadOnlySpan<byte> text, int digits)
    {
        var prefix = 0;
        var taken = 0;
        for (var i = 0; taken < 4; i++)
        {
            if (!IsDigit(text[i]))
                continue;
            prefix = (prefix * 10) + text[i] - '0';
            taken++;
        }

        return prefix switch
        {
            >= 4000 and < 5000 => digits is 13 or 16 or 19,
            (>= 5100 and < 5600) or (>= 2221 and <= 2720) => digits == 16,
            (>= 3400 and < 3500) or (>= 3700 and < 3800) => digits == 15,
            6011 or (>= 6500 and < 6600) => digits == 16,
            _ => false,
        };
    }

    /// <summary>The number of digits, or -1 if there is anything but digits and separators.</summary>
    private static int DigitsBetween(ReadOnlySpan<byte> text, ReadOnlySpan<byte> separators)
    {
        var digits = 0;
        foreach (var c in text)
        {
            if (IsDigit(c))
                digits++;
            else if (separators.IndexOf(c) < 0)
                return -1;
        }

        return digits;
    }

    private static bool HasSeparator(ReadOnlySpan<byte> text) => text.IndexOfAny("-/( "u8) >= 0;

    private static bool IsDigit(byte c) => c is >= (byte)'0' and <= (byte)'9';

    private static bool IsLetter(byte c) => (byte)(c | 0x20) is >= (byte)'a' and <= (byte)'z';
}
