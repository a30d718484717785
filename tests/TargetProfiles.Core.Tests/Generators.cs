using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace TargetProfiles.Core.Tests;

/// <summary>Random text and random sources of it.</summary>
internal static class Generators
{
    private static readonly string[] Awkward =
        ["\"", "\"\"", ",", ";", "\t", "\r", "\n", "\r\n", " ", "  ", "\0", "%", "%20", "+", "&", "=", "#", "é", "ß", "漢", "😀", "👩‍👩‍👧", "\u00A0", "\u2028", "\u007F", "İ"];

    /// <summary>Any text without lone surrogates or U+FFFD, rich in what CSV and URLs treat as special.</summary>
    public static Gen<string> Text { get; } =
        from pieces in Gen.ArrayOf(Gen.OneOf(Gen.Elements(Awkward), Gen.Choose('a', 'z').Select(c => ((char)c).ToString()), Gen.Choose(0x80, 0x10FFFF).Select(Scalar)))
        select string.Concat(pieces);

    /// <summary>A few short ASCII letters; never empty.</summary>
    public static Gen<string> Word { get; } =
        from length in Gen.Choose(1, 8)
        from letters in Gen.ArrayOf(Gen.Elements("abcdefghijklmnopqrstuvwxyz0123456789".ToCharArray()), length)
        select new string(letters);

    public static void Check<T>(Gen<T> values, Func<T, bool> holds, int tests = 200) =>
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(tests), Prop.ForAll(values.ToArbitrary(), holds));

    private static string Scalar(int value) => Rune.IsValid(value) && value != 0xFFFD ? new Rune(value).ToString() : "x";
}
