using System.Security.Cryptography;
using System.Text;

namespace TargetProfiles.Profiles;

/// <summary>The usual hash for e-mail addresses and the like: SHA-256 of the trimmed, lower-case text, in lower-case hexadecimal.</summary>
internal static class HashedText
{
    public static byte[] Of(ReadOnlySpan<byte> utf8)
    {
#if NET
        var text = Encoding.UTF8.GetString(utf8);
#else
        var text = Encoding.UTF8.GetString(utf8.ToArray());
#endif
        var normal = Encoding.UTF8.GetBytes(text.Trim().ToLowerInvariant());
#if NET
        var hash = SHA256.HashData(normal);
#else
        using var sha = SHA256.Create();
        var hash = sha.ComputeHash(normal);
#endif
        return Encoding.ASCII.GetBytes(Hex.Of(hash));
    }
}
