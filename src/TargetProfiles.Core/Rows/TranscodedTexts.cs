using TargetProfiles.Files;

namespace TargetProfiles.Rows;

/// <summary>Texts that were stored in other encodings, as UTF-8 with byte order mark, one after the other in a private file.</summary>
internal sealed class TranscodedTexts : IDisposable
{
    /// <summary>Bytes of the mark before each text.</summary>
    public const int MarkLength = 3;

    private readonly FileStream _file = PrivateFile.CreateTemporary();

    /// <summary>Adds a text, already transcoded.</summary>
    /// <returns>Where it begins, its mark included.</returns>
    public long Add(Stream text, CancellationToken cancellation)
    {
        var start = _file.Length;
        _file.Position = start;
        _file.Write([0xEF, 0xBB, 0xBF], 0, MarkLength);
        var buffer = new byte[256 * 1024];
        int read;
        while ((read = text.Read(buffer, 0, buffer.Length)) > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            _file.Write(buffer, 0, read);
        }

        return start;
    }

    /// <summary>Reads from any place. May be called from any thread.</summary>
    public int ReadAt(long position, byte[] buffer, int offset, int count)
    {
        lock (_file)
        {
            _file.Position = position;
            return _file.Read(buffer, offset, count);
        }
    }

    public Stream OpenAt(long position) => new Text(this, position);

    public void Dispose() => _file.Dispose();

    private sealed class Text(TranscodedTexts texts, long position) : ForwardStream(Null)
    {
        private long _position = position;

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = texts.ReadAt(_position, buffer, offset, count);
            _position += read;
            return read;
        }
    }
}
