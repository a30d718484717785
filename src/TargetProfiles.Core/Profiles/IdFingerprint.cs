using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace TargetProfiles.Profiles;

/// <summary>
/// 64 bits that stand for an id: SipHash-1-3, which hash tables elsewhere rely on, under a random key, so that nobody can
/// choose ids that collide. Fingerprints of different instances have nothing to do with each other.
/// </summary>
internal sealed class IdFingerprint
{
    private readonly ulong _k0;
    private readonly ulong _k1;

    public IdFingerprint()
    {
        var key = new byte[16];
        using (var random = RandomNumberGenerator.Create())
            random.GetBytes(key);
        _k0 = BinaryPrimitives.ReadUInt64LittleEndian(key);
        _k1 = BinaryPrimitives.ReadUInt64LittleEndian(key.AsSpan(8));
    }

    public IdFingerprint(ulong k0, ulong k1)
    {
        _k0 = k0;
        _k1 = k1;
    }

    /// <summary>The fingerprint of the visitor that the id means; never zero.</summary>
    public ulong Of(ProfileIdType type, ReadOnlySpan<byte> id) => Math.Max(1, Hash(Visitor(type, id)));

    /// <summary>The part of an id that tells the visitor: a pcId without its location hint, as in <c>.28_20</c>.</summary>
    public static ReadOnlySpan<byte> Visitor(ProfileIdType type, ReadOnlySpan<byte> id)
    {
        if (type != ProfileIdType.PcId)
            return id;
        var dot = id.LastIndexOf((byte)'.');
        return dot > 0 && IsLocationHint(id.Slice(dot + 1)) ? id.Slice(0, dot) : id;
    }

    [MethodImpl(Bits.Optimized)]
    public ulong Hash(ReadOnlySpan<byte> text)
    {
        var v0 = _k0 ^ 0x736f6d6570736575;
        var v1 = _k1 ^ 0x646f72616e646f6d;
        var v2 = _k0 ^ 0x6c7967656e657261;
        var v3 = _k1 ^ 0x7465646279746573;
        var last = (ulong)text.Length << 56;
        for (; text.Length >= 8; text = text.Slice(8))
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(text);
            v3 ^= word;
            Round(ref v0, ref v1, ref v2, ref v3);
            v0 ^= word;
        }

        for (var i = 0; i < text.Length; i++)
            last |= (ulong)text[i] << (8 * i);
        v3 ^= last;
        Round(ref v0, ref v1, ref v2, ref v3);
        v0 ^= last;
        v2 ^= 0xFF;
        for (var i = 0; i < 3; i++)
            Round(ref v0, ref v1, ref v2, ref v3);
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private static bool IsLocationHint(ReadOnlySpan<byte> text)
    {
        var underscore = text.IndexOf((byte)'_');
        return underscore > 0 && AreDigits(text.Slice(0, underscore)) && AreDigits(text.Slice(underscore + 1));
    }

    private static bool AreDigits(ReadOnlySpan<byte> text)
    {
        foreach (var value in text)
        {
            if (value is < (byte)'0' or > (byte)'9')
                return false;
        }

        return !text.IsEmpty;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v0 += v1;
        v2 += v3;
        v1 = RotateLeft(v1, 13) ^ v0;
        v3 = RotateLeft(v3, 16) ^ v2;
        v0 = RotateLeft(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = RotateLeft(v1, 17) ^ v2;
        v3 = RotateLeft(v3, 21) ^ v0;
        v2 = RotateLeft(v2, 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong RotateLeft(ulong value, int bits) => (value << bits) | (value >> (64 - bits));
}
