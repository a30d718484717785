using System.Security.Cryptography;

namespace TargetProfiles.Rows;

/// <summary>SHA-256 of text that comes in pieces: a long piece is hashed on another thread, while the next one is looked at.</summary>
internal sealed class BackgroundHash : IDisposable
{
    // What takes less long than handing it over.
    private const int ShortPiece = 16 * 1024;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private Task _hashing = Task.CompletedTask;

    /// <summary>Adds a piece, which must stay as it is until something else of this object has returned.</summary>
    public void Append(byte[] buffer, int start, int count)
    {
        Wait();
        if (count < ShortPiece)
            _hash.AppendData(buffer, start, count);
        else
            _hashing = Task.Run(() => _hash.AppendData(buffer, start, count));
    }

    /// <summary>The hash of all pieces since the last one was taken, in lower-case hexadecimal.</summary>
    public string Take()
    {
        Wait();
        return Hex.Of(_hash.GetHashAndReset());
    }

    public void Dispose()
    {
        Wait();
        _hash.Dispose();
    }

    private void Wait() => _hashing.GetAwaiter().GetResult();
}
