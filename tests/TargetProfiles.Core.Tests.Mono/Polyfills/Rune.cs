namespace System.Text;

internal readonly struct Rune(int value)
{
    public static bool IsValid(int value) => value is >= 0 and < 0xD800 or > 0xDFFF and <= 0x10FFFF;

    public int EncodeToUtf8(Span<byte> utf8)
    {
        var bytes = Encoding.UTF8.GetBytes(ToString());
        bytes.CopyTo(utf8);
        return bytes.Length;
    }

    public override string ToString() => char.ConvertFromUtf32(value);
}
