using System.Text;

namespace TargetProfiles.Core.Tests;

internal static class Texts
{
    private static readonly Encoding Latin = Encoding.GetEncoding(28591);

    extension(Encoding)
    {
        public static Encoding Latin1 => Latin;
    }

    extension(string)
    {
        public static string Join(char separator, IEnumerable<string> values) => string.Join(separator.ToString(), values);

        public static string Join<T>(char separator, IEnumerable<T> values) => string.Join(separator.ToString(), values);
    }

    public static string GetString(this Encoding encoding, ReadOnlySpan<byte> bytes) => encoding.GetString(bytes.ToArray());

    public static bool Contains(this string text, char character) => text.IndexOf(character) >= 0;

    public static bool Contains(this string text, char character, StringComparison comparison) => text.Contains(character.ToString(), comparison);

    public static bool Contains(this string text, string part, StringComparison comparison) => text.IndexOf(part, comparison) >= 0;

    public static int IndexOf(this string text, char character, StringComparison comparison) => text.IndexOf(character.ToString(), comparison);

    public static bool StartsWith(this string text, char character) => text.Length > 0 && text[0] == character;

    public static bool EndsWith(this string text, char character) => text.Length > 0 && text[text.Length - 1] == character;

    public static string[] Split(this string text, string separator, StringSplitOptions options = StringSplitOptions.None) => text.Split([separator], options);

    public static string[] Split(this string text, char separator, StringSplitOptions options) => text.Split([separator], options);

    public static string[] Split(this string text, char separator, int count) => text.Split([separator], count);

    public static string Replace(this string text, string part, string? replacement, StringComparison comparison) => comparison == StringComparison.Ordinal
        ? text.Replace(part, replacement)
        : throw new NotSupportedException($"Replace with {comparison}");
}
