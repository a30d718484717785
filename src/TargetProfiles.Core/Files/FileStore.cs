namespace TargetProfiles.Files;

/// <summary>Where a run keeps its journal and its rejected rows: the disk; a test that pulls the plug has one of its own.</summary>
internal abstract class FileStore
{
    public static FileStore Disk { get; } = new DiskStore();

    public abstract bool Exists(string path);

    /// <summary>Opens or creates a file that is its owner's alone, and that no other run may have open meanwhile.</summary>
    /// <exception cref="IOException">Someone else has it, or it cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public abstract DurableFile OpenExclusively(string path);

    /// <summary>Renames a file; the new name must be free.</summary>
    public abstract void Move(string path, string newPath);

    /// <summary>The first free name of the kind <c>name.2.csv</c>.</summary>
    public string NextFree(string path)
    {
        for (var number = 2; ; number++)
        {
            var candidate = Path.ChangeExtension(path, FormattableString.Invariant($".{number}{Path.GetExtension(path)}"));
            if (!Exists(candidate))
                return candidate;
        }
    }

    private sealed class DiskStore : FileStore
    {
        public override bool Exists(string path) => File.Exists(path);

        public override DurableFile OpenExclusively(string path) => new DiskFile(PrivateFile.OpenExclusively(path));

        public override void Move(string path, string newPath) => File.Move(path, newPath);
    }

    private sealed class DiskFile(FileStream file) : DurableFile
    {
        public override long Length => file.Length;

        public override int Read(long position, byte[] buffer, int count)
        {
            file.Position = position;
            return file.Read(buffer, 0, count);
        }

        public override void Write(long position, byte[] bytes, int count)
        {
            if (file.Position != position)
                file.Position = position;
            file.Write(bytes, 0, count);
        }

        public override void Truncate(long length) => file.SetLength(length);

        public override void Flush() => file.Flush(flushToDisk: true);

        public override void Dispose()
        {
            try
            {
                file.Dispose();
            }
            catch (IOException)
            {
                // A full disk is told by the flush that comes before anything is promised.
            }
        }
    }
}
