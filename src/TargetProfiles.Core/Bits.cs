#if NET
using System.Numerics;
#endif
using System.Runtime.CompilerServices;

namespace TargetProfiles;

/// <summary>Questions about the bits of a word, by one instruction where the runtime knows one.</summary>
internal static class Bits
{
    /// <summary>
    /// For loops over all of the text: optimized from the first call, since short runs are over before the runtime would see to
    /// it. Said only where they are not compiled ahead: the runtime never takes such a method as it was compiled ahead.
    /// </summary>
    public const MethodImplOptions Optimized =
#if NET && !COMPILED_AHEAD
        MethodImplOptions.AggressiveOptimization;
#else
        default;
#endif

#if !NET
    private static ReadOnlySpan<byte> PlaceByProduct =>
    [
        0, 1, 2, 53, 3, 7, 54, 27, 4, 38, 41, 8, 34, 55, 48, 28, 62, 5, 39, 46, 44, 42, 22, 9, 24, 35, 59, 56, 49, 18, 29, 11,
        63, 52, 6, 26, 37, 40, 33, 47, 61, 45, 43, 21, 23, 58, 17, 10, 51, 25, 36, 32, 60, 20, 57, 16, 50, 31, 19, 15, 30, 14, 13, 12,
    ];
#endif

    /// <summary>The place of the lowest bit that is set; the word must not be zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Lowest(ulong word) =>
#if NET
        BitOperations.TrailingZeroCount(word);
#else
        PlaceByProduct[(int)(((word & (0 - word)) * 0x022FDD63CC95386D) >> 58)];
#endif

    /// <summary>The number of bits that are set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Count(ulong word)
    {
#if NET
        return BitOperations.PopCount(word);
#else
        word -= (word >> 1) & 0x5555555555555555;
        word = (word & 0x3333333333333333) + ((word >> 2) & 0x3333333333333333);
        word = (word + (word >> 4)) & 0x0F0F0F0F0F0F0F0F;
        return (int)((word * 0x0101010101010101) >> 56);
#endif
    }
}
