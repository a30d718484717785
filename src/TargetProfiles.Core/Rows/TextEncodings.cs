using System.Globalization;
using System.Text;

namespace TargetProfiles.Rows;

/// <summary>Encodings by the names that PowerShell's own cmdlets take.</summary>
public static class TextEncodings
{
    /// <summary>Names offered for completion; any .NET name or code page number is taken too.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["utf8", "utf8BOM", "utf8NoBOM", "unicode", "bigendianunicode", "utf32", "ascii", "ansi", "windows-1252", "iso-8859-1"];

    /// <summary>Finds an encoding.</summary>
    /// <exception cref="ArgumentException">There is no encoding of that name.</exception>
    public static Encoding Parse(string name)
    {
        if (name is null)
            throw new ArgumentNullException(nameof(name));
        return name.ToUpperInvariant() switch
        {
            "UTF8" or "UTF8BOM" or "UTF8NOBOM" or "UTF-8" => new UTF8Encoding(false),
            "UNICODE" or "UTF-16" or "UTF16" => new UnicodeEncoding(bigEndian: false, byteOrderMark: true),
            "BIGENDIANUNICODE" or "UTF-16BE" => new UnicodeEncoding(bigEndian: true, byteOrderMark: true),
            "UTF32" or "UTF-32" => new UTF32Encoding(bigEndian: false, byteOrderMark: true),
            "ASCII" or "US-ASCII" => Encoding.ASCII,
            "ANSI" => CodePage(CultureInfo.CurrentCulture.TextInfo.ANSICodePage is var page and > 0 ? page : 1252),
            "OEM" => CodePage(CultureInfo.CurrentCulture.TextInfo.OEMCodePage is var page and > 0 ? page : 850),
            _ => ByName(name),
        };
    }

    private static Encoding ByName(string name)
    {
        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var page))
            return CodePage(page);
        try
        {
#if NET
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
#else
            return Encoding.GetEncoding(name);
#endif
        }
        catch (ArgumentException)
        {
            throw Unknown(name);
        }
    }

    private static Encoding CodePage(int page)
    {
        try
        {
#if NET
            return CodePagesEncodingProvider.Instance.GetEncoding(page) ?? Encoding.GetEncoding(page);
#else
            return Encoding.GetEncoding(page);
#endif
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw Unknown(page.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static ArgumentException Unknown(string name) =>
        new($"There is no encoding '{name}'. Use a name such as {string.Join(", ", Names)}, or a code page number.");
}
