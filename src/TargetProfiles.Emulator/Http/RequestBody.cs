using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace TargetProfiles.Emulator.Http;

/// <summary>Reads one request's body, of known length or chunked, and hashes it on the way.</summary>
internal sealed class RequestBody(Connection connection, RequestHead head, long limit) : IDisposable
{
    private const int FirstBuffer = 1024 * 1024;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[] _bytes = [];
    private long _chunkLeft = -1;
    private bool _whole = !head.HasBody;

    /// <summary>Body bytes read so far.</summary>
    public int Length { get; private set; }

    /// <summary>SHA-256 in lower-case hex, or null while the body is not read whole. Asked once.</summary>
    public string? Sha256() => _whole ? string.Concat(_hash.GetHashAndReset().Select(part => part.ToString("x2", CultureInfo.InvariantCulture))) : null;

    /// <summary>Everything read, without a copy where the length was known.</summary>
    public byte[] Bytes()
    {
        if (_bytes.Length != Length)
        {
            Array.Resize(ref _bytes, Length);
        }

        return _bytes;
    }

    /// <summary>Reads on until <paramref name="count"/> bytes are there or the body ends; false if the client went away.</summary>
    public async Task<bool> ReadAsync(long count = long.MaxValue)
    {
        while (!_whole && Length < count)
        {
            long want = Math.Min(count - Length, await LeftAsync().ConfigureAwait(false));
            if (_whole)
            {
                break;
            }

            if (want < 0)
            {
                return false;
            }

            if (Length + want > limit && Length >= limit)
            {
                throw new BadRequestException(413, "Request entity too large");
            }

            want = Math.Min(want, limit - Length);
            Grow(want);
            int read = await connection.ReadAsync(_bytes, Length, (int)Math.Min(want, _bytes.Length - Length)).ConfigureAwait(false);
            if (read == 0)
            {
                return false;
            }

            _hash.AppendData(_bytes, Length, read);
            Length += read;
            _chunkLeft -= head.IsChunked ? read : 0;
            _whole = !head.IsChunked && Length == head.ContentLength;
        }

        return true;
    }

    public void Dispose() => _hash.Dispose();

    /// <summary>Bytes left in the body or chunk; 0 with the body whole at the last chunk; -1 when the client went away.</summary>
    private async Task<long> LeftAsync()
    {
        if (!head.IsChunked)
        {
            return head.ContentLength - Length;
        }

        if (_chunkLeft > 0)
        {
            return _chunkLeft;
        }

        if (_chunkLeft == 0 && await LineAsync().ConfigureAwait(false) is not "")
        {
            throw new BadRequestException(400, "Malformed chunk");
        }

        string? line = await LineAsync().ConfigureAwait(false);
        if (line is null)
        {
            return -1;
        }

        if (!long.TryParse(line.Split(';')[0].Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _chunkLeft) || _chunkLeft < 0)
        {
            throw new BadRequestException(400, "Malformed chunk size");
        }

        if (_chunkLeft == 0)
        {
            while (await LineAsync().ConfigureAwait(false) is { Length: > 0 })
            {
                // Trailers are of no use here.
            }

            _whole = true;
        }

        return _chunkLeft;
    }

    private async Task<string?> LineAsync()
    {
        var line = new StringBuilder();
        while (line.Length < 4096)
        {
            byte next;
            while (!connection.TryTake(out next))
            {
                if (!await connection.FillAsync().ConfigureAwait(false))
                {
                    return null;
                }
            }

            if (next == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append((char)next);
        }

        throw new BadRequestException(400, "Malformed chunk");
    }

    // A declared length is only believed once a megabyte of it has come.
    private void Grow(long want)
    {
        if (Length < _bytes.Length)
        {
            return;
        }

        long size = head.IsChunked
            ? Math.Max(Length * 2L, Length + Math.Min(want, FirstBuffer))
            : Length == 0 ? Math.Min(head.ContentLength, FirstBuffer) : head.ContentLength;
        Array.Resize(ref _bytes, (int)Math.Min(size, limit));
    }
}
