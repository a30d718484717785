using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using TargetProfiles.Profiles;
using TargetProfiles.Rows;

namespace TargetProfiles.Batches;

/// <content>What can be told of an id or a value by a short look, so that the rules are asked only where they may have something to say.</content>
internal sealed unsafe partial class RowEncoder
{
    /// <summary>Digits and separators that make a phone or a card number, a plus in front aside.</summary>
    private const byte ShortestLookedAt = 11;

    private readonly byte[] _lengthsToLookAt = LengthsToLookAt();

    /// <summary>True if a value that is not blank can be sent without a warning.</summary>
    private bool IsSound(byte* text, int length, bool mayBeDamaged = false)
    {
        var value = new ReadOnlySpan<byte>(text, length);
        return !Utf8Text.IsBlank(value) && !(mayBeDamaged && Utf8Text.IsDamaged(value)) && _valueRules.IsQuiet(value);
    }

    /// <summary>True if a value that is not empty is too short for any rule, or sound.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsQuietLong(byte* text, int length) => length < _lengthsToLookAt[*text] || IsSound(text, length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsSoundId(byte* text, int length, bool mayBeReserved)
    {
        const int LongestSure = 40;
        // Most ids begin with a letter that no suspicious word begins with, or are short numbers.
        if (!mayBeReserved && length is > 0 and <= LongestSure)
        {
            var first = (byte)(*text | 0x20);
            if (first is >= (byte)'a' and <= (byte)'z' && (length > SuspiciousId.LongestShortWord || !SuspiciousId.MayBeginWord(first)))
                return true;
            if (length < ShortestLookedAt && IsDigits(text, Math.Min(length, sizeof(ulong))) && (length <= sizeof(ulong) || IsDigits(text + length - sizeof(ulong), sizeof(ulong))))
                return true;
        }

        return length > 0 && ProfileIdRules.Check(new ReadOnlySpan<byte>(text, length), _layoutId!.IdType, columns.Rules) is null;
    }

    /// <summary>Notes which columns hold text, once it is certain that the row is sent as it is.</summary>
    private void SeeTexts(PlainRecord record)
    {
        _hasNewText = false;
        foreach (var i in _numbers)
        {
            if (i < record.FieldCount && record.LengthOf(i) > 0)
                _valueRules.See(_steps[i].Ordinal, record.Buffer.AsSpan(record.StartOf(i), record.LengthOf(i)));
        }

        FindNumbers();
    }

    private void FindNumbers()
    {
        var numbers = new List<int>();
        for (var i = 0; i < _steps.Length; i++)
        {
            ref var step = ref _steps[i];
            step.MayBeNumbers = step.Kind == FieldKind.Value && _valueRules.MayBeNumbers(step.Ordinal);
            if (step.MayBeNumbers)
                numbers.Add(i);
        }

        _numbers = [.. numbers];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsDigits(byte* text, int length) => NotDigits(text, length) == 0;

    /// <summary>True for numbers with digits and at most a sign and a decimal point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsNumber(byte* text, int length)
    {
        if (length > sizeof(ulong) || *text == '-')
            return IsLongNumber(text, length);
        var others = NotDigits(text, length);
        if (others == 0)
            return true;
        var place = Bits.Lowest(others) >> 3;
        return (others & (others - 1)) == 0 && text[place] == '.' && place < length - 1;
    }

    private static bool IsLongNumber(byte* text, int length)
    {
        var hasPoint = false;
        for (var i = *text == '-' ? 1 : 0; i < length; i++)
        {
            if (text[i] is >= (byte)'0' and <= (byte)'9')
                continue;
            if (hasPoint || text[i] != '.' || i == length - 1)
                return false;
            hasPoint = true;
        }

        return true;
    }

    /// <summary>The highest bit of each byte, of eight at most, that is no digit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong NotDigits(byte* text, int length)
    {
        const ulong High = 0x8080808080808080;
        var word = BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(text, sizeof(ulong))) ^ 0x3030303030303030;
        return (((word & ~High) + 0x7676767676767676) | word) & High & (ulong.MaxValue >> (64 - (8 * length)));
    }

    /// <summary>By its first byte, how long a value must be for a rule to have anything to say about it.</summary>
    private static byte[] LengthsToLookAt()
    {
        const byte Long = 255;
        var lengths = new byte[256];
        for (var i = 0; i < lengths.Length; i++)
        {
            lengths[i] = i switch
            {
                // White space, or the beginning of it.
                <= 0x20 or 0x7F or 0xC2 or 0xE1 or 0xE2 or 0xE3 => 1,
                // Phone and card numbers. Those that begin with a plus have a notable byte.
                '0' or (>= '2' and <= '6') => ShortestLookedAt,
                _ => Long,
            };
        }

        return lengths;
    }
}
