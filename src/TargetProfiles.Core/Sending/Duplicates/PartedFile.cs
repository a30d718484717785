using System.Runtime.InteropServices;
using TargetProfiles.Files;

namespace TargetProfiles.Sending.Duplicates;

/// <summary>Ids in a private file, of which those of a part are read together.</summary>
internal sealed class PartedFile(int parts) : IDisposable
{
    private const int BlockIds = 8 * 1024;

    private readonly FileStream _file = PrivateFile.CreateTemporary();
    private readonly List<(long Start, int Count)>[] _stretches = [.. Enumerable.Range(0, parts).Select(_ => new List<(long, int)>())];
    private readonly IdPlace[] _block = new IdPlace[BlockIds];
    private readonly byte[] _bytes = new byte[BlockIds * IdPlace.Size];

    /// <summary>How many ids of a part there are.</summary>
    public long CountOf(int part) => _stretches[part].Sum(stretch => (long)stretch.Count);

    /// <summary>Appends ids of a part.</summary>
    /// <exception cref="IOException">There is no room for them.</exception>
    public void Append(int part, IEnumerable<ArraySegment<IdPlace>> ids)
    {
        var start = _file.Seek(0, SeekOrigin.End);
        var length = 0;
        var count = 0;
        foreach (var some in ids)
        {
            if (length + some.Count > BlockIds)
                Write();
            some.AsSpan().CopyTo(_block.AsSpan(length));
            length += some.Count;
        }

        Write();
        if (count > 0)
            _stretches[part].Add((start, count));

        void Write()
        {
            MemoryMarshal.AsBytes(_block.AsSpan(0, length)).CopyTo(_bytes);
            _file.Write(_bytes, 0, length * IdPlace.Size);
            count += length;
            length = 0;
        }
    }

    /// <summary>The ids of a part, in the order in which they were appended. Each piece is valid until the next one.</summary>
    public IEnumerable<ArraySegment<IdPlace>> Of(int part)
    {
        foreach (var (start, count) in _stretches[part])
        {
            _file.Position = start;
            for (var left = count; left > 0; left -= BlockIds)
            {
                var length = Math.Min(left, BlockIds);
                PrivateFile.Read(_file, _bytes, length * IdPlace.Size);
                MemoryMarshal.Cast<byte, IdPlace>(_bytes.AsSpan(0, length * IdPlace.Size)).CopyTo(_block);
                yield return new ArraySegment<IdPlace>(_block, 0, length);
            }
        }
    }

    public void Dispose() => _file.Dispose();
}
