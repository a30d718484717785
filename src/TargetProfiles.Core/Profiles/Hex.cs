namespace TargetProfiles;

/// <summary>Bytes in lower-case hexadecimal.</summary>
internal static class Hex
{
    public static string Of(byte[] bytes)
    {
        var hex = new char[bytes.Length * 2];
        for (var i = 0; i < bytes.Length; i++)
        {
            hex[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
            hex[(2 * i) + 1] = "0123456789abcdef"[bytes[i] & 0xF];
        }

        return new string(hex);
    }
}
