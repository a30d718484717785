using System.Text;

namespace TargetProfiles.Emulator.Http;

/// <summary>Percent decoding as UTF-8. A malformed escape stays as it stands; decoding never throws.</summary>
internal static class PercentText
{
    public static string Decode(string text, bool plusIsSpace)
    {
        if (text.IndexOf('%') < 0 && (!plusIsSpace || text.IndexOf('+') < 0))
        {
            return text;
        }

        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return Decode(bytes, 0, bytes.Length, plusIsSpace);
    }

    public static string Decode(byte[] source, int offset, int length, bool plusIsSpace)
    {
        ReadOnlySpan<byte> raw = source.AsSpan(offset, length);
        if (raw.IndexOf((byte)'%') < 0 && (!plusIsSpace || raw.IndexOf((byte)'+') < 0))
        {
            return Encoding.UTF8.GetString(source, offset, length);
        }

        byte[] decoded = DecodeBytes(source, offset, length, plusIsSpace);
        return Encoding.UTF8.GetString(decoded, 0, decoded.Length);
    }

    public static byte[] DecodeBytes(byte[] source, int offset, int length, bool plusIsSpace)
    {
        var decoded = new byte[length];
        int written = 0;
        int end = offset + length;
        for (int at = offset; at < end; at++)
        {
            byte value = source[at];
            if (value == '%' && at + 2 < end && Nibble(source[at + 1]) is >= 0 and int high && Nibble(source[at + 2]) is >= 0 and int low)
            {
                value = (byte)((high << 4) | low);
                at += 2;
            }
            else if (value == '+' && plusIsSpace)
            {
                value = (byte)' ';
            }

            decoded[written++] = value;
        }

        Array.Resize(ref decoded, written);
        return decoded;
    }

    /// <summary>The pairs of a query or form text, decoded, in order; a name without <c>=</c> has an empty value.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Pairs(string text)
    {
        foreach (string part in text.Split('&'))
        {
            if (part.Length == 0)
            {
                continue;
            }

            int equals = part.IndexOf('=');
            string name = equals < 0 ? part : part.Substring(0, equals);
            string value = equals < 0 ? "" : part.Substring(equals + 1);
            yield return new(Decode(name, plusIsSpace: true), Decode(value, plusIsSpace: true));
        }
    }

    private static int Nibble(byte value) => value switch
    {
        >= (byte)'0' and <= (byte)'9' => value - '0',
        >= (byte)'a' and <= (byte)'f' => value - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => value - 'A' + 10,
        _ => -1,
    };
}
