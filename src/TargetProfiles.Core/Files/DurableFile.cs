namespace TargetProfiles.Files;

/// <summary>A file whose writes can be brought to the disk one after the other, so that what was promised outlives a crash.</summary>
internal abstract class DurableFile : IDisposable
{
    /// <summary>Bytes in it.</summary>
    public abstract long Length { get; }

    /// <summary>Reads up to <paramref name="count"/> bytes from <paramref name="position"/> on.</summary>
    /// <returns>Bytes read; 0 at the end.</returns>
    public abstract int Read(long position, byte[] buffer, int count);

    /// <summary>Writes; it may not be on the disk before <see cref="Flush"/>.</summary>
    public abstract void Write(long position, byte[] bytes, int count);

    /// <summary>Cuts the file off.</summary>
    public abstract void Truncate(long length);

    /// <summary>Returns once everything written is on the disk.</summary>
    public abstract void Flush();

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Reads a stretch whole.</summary>
    /// <returns>The bytes; fewer if the file ends before.</returns>
    public byte[] Read(long position, int count)
    {
        var bytes = new byte[count];
        var length = 0;
        var part = new byte[Math.Min(count, 64 * 1024)];
        int read;
        while (length < count && (read = Read(position + length, part, Math.Min(part.Length, count - length))) > 0)
        {
            Buffer.BlockCopy(part, 0, bytes, length, read);
            length += read;
        }

        if (length < count)
            Array.Resize(ref bytes, length);
        return bytes;
    }
}
