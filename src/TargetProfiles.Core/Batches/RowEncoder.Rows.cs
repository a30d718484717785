using System.Buffers.Binary;
using System.Runtime.CompilerServices;
#if NET
using System.Runtime.Intrinsics;
#endif
using TargetProfiles.Profiles;
using TargetProfiles.Rows;

namespace TargetProfiles.Batches;

/// <summary>Asks whether a row may go into the batch by its id alone.</summary>
/// <param name="type">What the id is.</param>
/// <param name="id">The id, not encoded.</param>
internal delegate bool IdQuestion(ProfileIdType type, ReadOnlySpan<byte> id);

/// <content>
/// Many records of a file at once, where what leaves is what stands there, apart from bytes that must be encoded. The first one
/// that is not as usual ends it, and goes by itself.
/// </content>
internal sealed unsafe partial class RowEncoder
{
    /// <summary>Puts the records that come next into the batch, as long as they are sound and do not fill it.</summary>
    /// <param name="reader">Gives them, and moves behind them.</param>
    /// <param name="columns">What its columns become.</param>
    /// <param name="atMost">Records to take at most.</param>
    /// <param name="firstRow">Number of the first of them in the run.</param>
    /// <param name="mayPass">If not null, asked about each id; no ends it.</param>
    /// <returns>How many were taken.</returns>
    public int AddRows(CsvReader reader, Column[] columns, int atMost, long firstRow, IdQuestion? mayPass)
    {
        if (!ReferenceEquals(_laidOut, columns))
            LayOut(reader, columns);
        if (!_isStraight || _runIdType != _layoutId!.IdType || AttributeCount != columns.Length - 1)
            return 0;
        var room = builder.Room(out var rowsLeft);
        if (room.Count < Slack || reader.NextRows() is not PlainRows rows)
            return 0;
        fixed (byte* output = room.Array)
        {
            var length = Encode(rows, Math.Min(atMost, rowsLeft), mayPass, output + room.Offset, room.Count - Slack);
            if (rows.Taken > 0)
                builder.Take(firstRow, rows.Taken, length);
        }

        reader.Pass(rows);
        return rows.Taken;
    }

    private int AttributeCount => columns.AttributeNames.Count;

    [MethodImpl(Bits.Optimized)]
    private int Encode(PlainRows rows, int atMost, IdQuestion? mayPass, byte* output, int room)
    {
        var attributes = AttributeCount;
        fixed (byte* text = rows.Buffer)
        fixed (int* allSeparators = rows.Separators)
        fixed (int* encodedPlaces = rows.Encoded)
        fixed (uint* escapes = _escapes)
        {
            var to = output;
            var encoded = encodedPlaces + rows.NextEncoded;
            bool? isDamaged = null;
            while (rows.Taken < atMost && rows.TryNext())
            {
                var separators = allSeparators + rows.FirstSeparator;
                var from = text + rows.Start;
                var end = text + rows.End;
                var idLength = *separators - rows.Start;
                var length = (int)(end - from);
                // Without any value it is no row to send.
                if ((length * PercentEncoder.MaxExpansion) + (to - output) > room || length == idLength + attributes)
                    break;
                if (!IsSoundId(from, idLength, mayBeReserved: *encoded < *separators) || !AreSoundValues(text, separators, attributes) || !HasNoBlank(rows, separators))
                    break;
                if (mayPass is not null && !mayPass(_runIdType!.Value, new ReadOnlySpan<byte>(from, idLength)))
                    break;

                uint seen = 0;
                var written = to;
                for (; *encoded < rows.End; encoded++)
                {
                    var next = text + *encoded;
                    Copy(from, written, (int)(next - from));
                    written += next - from;
                    var escape = escapes[*next];
                    seen |= escape;
                    BinaryPrimitives.WriteUInt32LittleEndian(new Span<byte>(written, sizeof(uint)), escape);
                    written += escape >> PercentEncoder.LengthShift;
                    from = next + 1;
                }

                Copy(from, written, (int)(end - from));
                written += end - from;
                // Text that is sound as a whole is so in each record: it is rarely damaged.
                if ((seen & PercentEncoder.NotAscii) != 0 && (isDamaged ??= IsDamaged(text, rows.Start, rows.LastEnd)) && IsDamaged(text, rows.Start, rows.End))
                    break;
                if ((seen & PercentEncoder.Notable) != 0 && !AreSound(text, separators, attributes))
                    break;
                *written++ = (byte)'\n';
                to = written;
                rows.Take();
            }

            // Those of a row that was not taken are looked for again.
            while (encoded > encodedPlaces && encoded[-1] >= rows.Start)
                encoded--;
            rows.NextEncoded = (int)(encoded - encodedPlaces);
            return (int)(to - output);
        }
    }

    /// <summary>Checks values, as far as their lengths and first bytes tell.</summary>
    /// <param name="text">The text.</param>
    /// <param name="separators">Where the id ends, then where each value does.</param>
    /// <param name="count">How many values there are.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool AreSoundValues(byte* text, int* separators, int count)
    {
        var value = 0;
#if NET
        for (; value + Vector256<int>.Count <= count; value += Vector256<int>.Count)
        {
            var distances = Vector256.Load(separators + value + 1) - Vector256.Load(separators + value);
            for (var longs = Vector256.GreaterThan(distances, Vector256.Create((int)ShortestLookedAt)).ExtractMostSignificantBits(); longs != 0; longs &= longs - 1)
            {
                var at = separators + value + Bits.Lowest(longs);
                if (!IsQuietLong(text + at[0] + 1, at[1] - at[0] - 1))
                    return false;
            }
        }
#endif
        for (; value < count; value++)
        {
            var length = separators[value + 1] - separators[value] - 1;
            if (length >= ShortestLookedAt && !IsQuietLong(text + separators[value] + 1, length))
                return false;
        }

        foreach (var number in _numbers)
        {
            var length = separators[number] - separators[number - 1] - 1;
            if (length > 0 && !IsNumber(text + separators[number - 1] + 1, length))
                return false;
        }

        return true;
    }

    /// <summary>True if no value that begins with an unusual byte is blank.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool HasNoBlank(PlainRows rows, int* separators)
    {
        var starts = rows.EncodedStarts;
        var next = rows.NextEncodedStart;
        var end = rows.End;
        for (; starts[next] < end; next++)
        {
            if (_lengthsToLookAt[rows.Buffer[starts[next]]] == 1 && IsBlankFrom(rows.Buffer, starts[next], separators))
                return false;
        }

        rows.NextEncodedStart = next;
        return true;
    }

    private static bool IsBlankFrom(byte[] text, int start, int* separators)
    {
        while (*separators < start)
            separators++;
        return Utf8Text.IsBlank(text.AsSpan(start, *separators - start));
    }

    private static bool IsDamaged(byte* text, int start, int end) => Utf8Text.IsDamaged(new ReadOnlySpan<byte>(text + start, end - start));

    /// <summary>Asks the rules about each value.</summary>
    private bool AreSound(byte* text, int* separators, int count)
    {
        for (var value = 0; value < count; value++)
        {
            var length = separators[value + 1] - separators[value] - 1;
            if (length > 0 && !IsSound(text + separators[value] + 1, length))
                return false;
        }

        return true;
    }
}
