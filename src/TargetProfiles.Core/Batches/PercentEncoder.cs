#if NET
using System.Buffers;
#endif

namespace TargetProfiles.Batches;

/// <summary>Percent-encodes every byte outside RFC 3986's unreserved set; a space becomes <c>%20</c>, never <c>+</c>.</summary>
internal static class PercentEncoder
{
    /// <summary>Bytes that one byte can become.</summary>
    public const int MaxExpansion = 3;

#if NET
    private static readonly SearchValues<byte> Unreserved =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"u8);
#else
    private static readonly bool[] IsUnreserved = Table();
#endif

    /// <summary>Set in what <see cref="Escapes"/> gives for bytes beyond ASCII.</summary>
    public const uint NotAscii = 1U << 24;

    /// <summary>Set in what <see cref="Escapes"/> gives for ASCII that a rule for values may have something to say about.</summary>
    public const uint Notable = 1U << 25;

    /// <summary>How far what <see cref="Escapes"/> gives is to be shifted for the number of bytes that a byte becomes.</summary>
    public const int LengthShift = 30;

    private static ReadOnlySpan<byte> HexDigits => "0123456789ABCDEF"u8;

    /// <summary>Encodes; <paramref name="destination"/> must hold three times the source.</summary>
    /// <returns>The number of bytes written.</returns>
    public static int Encode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var written = 0;
        while (true)
        {
            var clean = UnreservedLength(source);
            source.Slice(0, clean).CopyTo(destination.Slice(written));
            written += clean;
            if (clean == source.Length)
                return written;
            var value = source[clean];
            destination[written] = (byte)'%';
            destination[written + 1] = HexDigits[value >> 4];
            destination[written + 2] = HexDigits[value & 0xF];
            written += MaxExpansion;
            source = source.Slice(clean + 1);
        }
    }

    /// <summary>
    /// By byte, what becomes of it where it cannot stay: up to three bytes from the lowest, and above them what is special
    /// about it.
    /// </summary>
    /// <param name="delimiter">Becomes a comma; it splits fields and does not stand in them.</param>
    public static uint[] Escapes(byte delimiter)
    {
        var escapes = new uint[256];
        for (var i = 0; i < escapes.Length; i++)
        {
            escapes[i] = '%' | ((uint)HexDigits[i >> 4] << 8) | ((uint)HexDigits[i & 0xF] << 16) | ((uint)MaxExpansion << LengthShift);
            if (i >= 0x80)
                escapes[i] |= NotAscii;
            else if ((char)i is '@' or '+' or ',')
                escapes[i] |= Notable;
        }

        escapes[delimiter] = ',' | (1U << LengthShift);
        return escapes;
    }

    /// <summary>Encodes text.</summary>
    public static string Encode(string text)
    {
        var utf8 = System.Text.Encoding.UTF8.GetBytes(text);
        var encoded = new byte[utf8.Length * MaxExpansion];
        return System.Text.Encoding.ASCII.GetString(encoded, 0, Encode(utf8, encoded));
    }

    private static int UnreservedLength(ReadOnlySpan<byte> text)
    {
#if NET
        var length = text.IndexOfAnyExcept(Unreserved);
        return length < 0 ? text.Length : length;
#else
        var length = 0;
        while (length < text.Length && IsUnreserved[text[length]])
            length++;
        return length;
#endif
    }

#if !NET
    private static bool[] Table()
    {
        var table = new bool[256];
        foreach (var c in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
            table[c] = true;
        return table;
    }
#endif
}
