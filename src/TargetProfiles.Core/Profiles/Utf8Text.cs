namespace TargetProfiles.Profiles;

/// <summary>Questions about UTF-8 text, answered without decoding it where it is plain ASCII.</summary>
internal static class Utf8Text
{
    /// <summary>True if the text is empty or white space only, no-break spaces included.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            var first = text[0];
            if (first is > 0x20 and < 0x7F)
                return false;
            var length = WhiteSpaceLength(text);
            if (length == 0)
                return false;
            text = text.Slice(length);
        }

        return true;
    }

    /// <summary>True if the first character is white space, no-break spaces included.</summary>
    public static bool StartsWithWhiteSpace(ReadOnlySpan<byte> text) => WhiteSpaceLength(text) > 0;

    /// <summary>True if the text is not UTF-8, or holds U+FFFD: what was there is already lost.</summary>
    public static bool IsDamaged(ReadOnlySpan<byte> text)
    {
        var firstNonAscii = NonAsciiIndex(text);
        if (firstNonAscii < 0)
            return false;
        text = text.Slice(firstNonAscii);
        return text.IndexOf("\uFFFD"u8) >= 0 || !IsValid(text);
    }

    /// <summary>UTF-16 code units that valid UTF-8 text decodes to: the length .NET and JavaScript would tell.</summary>
    public static int Length(ReadOnlySpan<byte> text)
    {
        var length = 0;
        foreach (var b in text)
        {
            if ((b & 0xC0) != 0x80)
                length += b >= 0xF0 ? 2 : 1;
        }

        return length;
    }

    /// <summary>True if the text holds a control character (U+0000 to U+001F, U+007F to U+009F).</summary>
    public static bool HasControlCharacter(ReadOnlySpan<byte> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is < 0x20 or 0x7F)
                return true;
            if (text[i] == 0xC2 && i + 1 < text.Length && text[i + 1] < 0xA0)
                return true;
        }

        return false;
    }

    private static int NonAsciiIndex(ReadOnlySpan<byte> text)
    {
#if NET
        return text.IndexOfAnyExceptInRange((byte)0, (byte)0x7F);
#else
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] >= 0x80)
                return i;
        }

        return -1;
#endif
    }

    // The characters for which char.IsWhiteSpace holds.
    private static int WhiteSpaceLength(ReadOnlySpan<byte> text)
    {
        var first = text[0];
        if (first is 0x20 or (>= 0x09 and <= 0x0D))
            return 1;
        if (first == 0xC2 && text.Length > 1)
            return text[1] is 0x85 or 0xA0 ? 2 : 0;
        if (text.Length < 3)
            return 0;
        var rest = (text[1] << 8) | text[2];
        return first switch
        {
            0xE1 => rest == 0x9A80 ? 3 : 0,
            0xE2 => rest is (>= 0x8080 and <= 0x808A) or 0x80A8 or 0x80A9 or 0x80AF or 0x819F ? 3 : 0,
            0xE3 => rest == 0x8080 ? 3 : 0,
            _ => 0,
        };
    }

    private static bool IsValid(ReadOnlySpan<byte> text)
    {
#if NET
        return System.Text.Unicode.Utf8.IsValid(text);
#else
        while (!text.IsEmpty)
        {
            var length = SequenceLength(text);
            if (length == 0)
                return false;
            text = text.Slice(length);
        }

        return true;
#endif
    }

#if !NET
    // Well-formed sequences, table 3-7 of the Unicode standard.
    private static int SequenceLength(ReadOnlySpan<byte> text)
    {
        var first = text[0];
        if (first < 0x80)
            return 1;
        var length = first switch
        {
            >= 0xC2 and <= 0xDF => 2,
            >= 0xE0 and <= 0xEF => 3,
            >= 0xF0 and <= 0xF4 => 4,
            _ => 0,
        };
        if (length == 0 || text.Length < length)
            return 0;
        var low = first switch { 0xE0 => 0xA0, 0xF0 => 0x90, _ => 0x80 };
        var high = first switch { 0xED => 0x9F, 0xF4 => 0x8F, _ => 0xBF };
        if (text[1] < low || text[1] > high)
            return 0;
        for (var i = 2; i < length; i++)
        {
            if ((text[i] & 0xC0) != 0x80)
                return 0;
        }

        return length;
    }
#endif
}
