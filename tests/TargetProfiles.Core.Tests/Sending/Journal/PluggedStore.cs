using TargetProfiles.Files;

namespace TargetProfiles.Core.Tests;

/// <summary>
/// Files in memory that remember each write and flush, so that the plug can be pulled afterwards at any of them: what was
/// flushed is there, and of what was not, any part may be missing.
/// </summary>
internal sealed class PluggedStore : FileStore
{
    private readonly object _lock = new();
    private readonly Dictionary<string, byte[]> _files;
    private readonly HashSet<string> _open = [];
    private readonly Func<int> _requests;

    public PluggedStore(Func<int> requests, Dictionary<string, byte[]>? files = null)
    {
        _requests = requests;
        _files = files ?? [];
        Begun = new(_files);
    }

    /// <summary>What happened, in order.</summary>
    public List<FileEvent> Events { get; } = [];

    /// <summary>Bytes that all files together may take.</summary>
    public long Capacity { get; set; } = long.MaxValue;

    /// <summary>What was there at the beginning.</summary>
    public Dictionary<string, byte[]> Begun { get; }

    public Dictionary<string, byte[]> Files => _files;

    public override bool Exists(string path)
    {
        lock (_lock)
            return _files.ContainsKey(path);
    }

    public override DurableFile OpenExclusively(string path)
    {
        lock (_lock)
        {
            if (!_open.Add(path))
                throw new IOException("in use");
            if (_files.TryAdd(path, []))
                Events.Add(new FileEvent(FileEventKind.Create, path, 0, [], _requests()));
        }

        return new PluggedFile(this, path);
    }

    public override void Move(string path, string newPath)
    {
        lock (_lock)
        {
            _files.Add(newPath, _files[path]);
            _files.Remove(path);
        }
    }

    /// <summary>What the disk may hold if the plug is pulled after so many events: every combination of what was not flushed.</summary>
    public IEnumerable<Dictionary<string, byte[]>> DisksAfter(int count)
    {
        var pending = Events.Take(count).Select((e, i) => (Event: e, Index: i))
            .Where(written => written.Event.Kind is FileEventKind.Write or FileEventKind.Truncate && !IsFlushed(written.Event.Path, written.Index, count))
            .Select(written => written.Index).ToList();
        var combinations = (int)Math.Pow(3, pending.Count);
        for (var combination = 0; combination < combinations; combination++)
        {
            var fates = new Dictionary<int, int>();
            var rest = combination;
            foreach (var index in pending)
            {
                fates.Add(index, rest % 3);
                rest /= 3;
            }

            yield return DiskAfter(count, fates);
        }
    }

    private bool IsFlushed(string path, int index, int count) =>
        Events.Take(count).Skip(index).Any(later => later.Kind == FileEventKind.Flush && later.Path == path);

    /// <param name="count">Events that happened.</param>
    /// <param name="fates">By event: 0 is on the disk, 1 is lost, 2 is there by half.</param>
    private Dictionary<string, byte[]> DiskAfter(int count, Dictionary<int, int> fates)
    {
        var files = new Dictionary<string, byte[]>(Begun);
        for (var i = 0; i < count; i++)
        {
            var happened = Events[i];
            var fate = fates.GetValueOrDefault(i);
            switch (happened.Kind)
            {
                case FileEventKind.Create:
                    files[happened.Path] = [];
                    break;
                case FileEventKind.Write when fate != 1:
                    files[happened.Path] = Written(files[happened.Path], happened.Position, fate == 0 ? happened.Bytes : happened.Bytes[..(happened.Bytes.Length / 2)]);
                    break;
                case FileEventKind.Truncate when fate == 0:
                    files[happened.Path] = files[happened.Path][..(int)happened.Position];
                    break;
            }
        }

        return files;
    }

    private static byte[] Written(byte[] file, long position, byte[] bytes)
    {
        var written = new byte[Math.Max(file.Length, position + bytes.Length)];
        file.CopyTo(written, 0);
        bytes.CopyTo(written, position);
        return written;
    }

    private sealed class PluggedFile(PluggedStore store, string path) : DurableFile
    {
        public override long Length
        {
            get
            {
                lock (store._lock)
                    return store._files[path].Length;
            }
        }

        public override int Read(long position, byte[] buffer, int count)
        {
            lock (store._lock)
            {
                var file = store._files[path];
                var read = (int)Math.Max(0, Math.Min(count, file.Length - position));
                Array.Copy(file, position, buffer, 0, read);
                return read;
            }
        }

        public override void Write(long position, byte[] bytes, int count)
        {
            var free = store.Capacity - store._files.Values.Sum(file => (long)file.Length);
            var fits = (int)Math.Max(0, Math.Min(count, free));
            Happen(FileEventKind.Write, position, bytes[..fits], file => Written(file, position, bytes[..fits]));
            if (fits < count)
                throw new IOException("No space left on device");
        }

        public override void Truncate(long length) => Happen(FileEventKind.Truncate, length, [], file => file[..(int)length]);

        public override void Flush() => Happen(FileEventKind.Flush, 0, [], file => file);

        public override void Dispose()
        {
            lock (store._lock)
                store._open.Remove(path);
        }

        private void Happen(FileEventKind kind, long position, byte[] bytes, Func<byte[], byte[]> change)
        {
            lock (store._lock)
            {
                store._files[path] = change(store._files[path]);
                store.Events.Add(new FileEvent(kind, path, position, bytes, store._requests()));
            }
        }
    }
}

internal enum FileEventKind
{
    Create,
    Write,
    Truncate,
    Flush,
}

/// <param name="Kind">What happened.</param>
/// <param name="Path">To which file.</param>
/// <param name="Position">Where.</param>
/// <param name="Bytes">What was written.</param>
/// <param name="Requests">Requests that the service had by then.</param>
internal sealed record FileEvent(FileEventKind Kind, string Path, long Position, byte[] Bytes, int Requests);
