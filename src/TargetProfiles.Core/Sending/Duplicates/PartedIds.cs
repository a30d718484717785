using System.Buffers;
using System.Runtime.CompilerServices;

namespace TargetProfiles.Sending.Duplicates;

/// <summary>
/// All ids of files, parted by the highest bits of their fingerprints. Equal ones stand in one part, and a part is so small that
/// a processor has it at hand: looking each id up among all others would mean to wait for memory with every one of them. What
/// does not fit into memory goes to a private file, which is written and read in large pieces.
/// </summary>
internal sealed class PartedIds : IDisposable
{
    private const int DefaultMaxBytes = 64 * 1024 * 1024;
    private const int PartBits = 8;
    private const int Parts = 1 << PartBits;
    private const int ChunkIds = 32;
    private const int ChunksOfASlab = Parts;
    private const int SlabIds = ChunksOfASlab * ChunkIds;

    private readonly CancellationToken _cancellation;
    private readonly int _maxChunks;
    private readonly Part[] _parts = new Part[Parts];
    private readonly List<IdPlace[]> _slabs = [];
    private readonly List<int> _nextChunks = [];
    private PartedFile? _file;

    /// <param name="cancellation">Ends what takes long.</param>
    /// <param name="maxBytes">Bytes of memory at most; never less than one slab takes.</param>
    public PartedIds(CancellationToken cancellation, int maxBytes = DefaultMaxBytes)
    {
        _cancellation = cancellation;
        _maxChunks = Math.Max(1, maxBytes / (SlabIds * IdPlace.Size)) * ChunksOfASlab;
    }

    /// <summary>Adds an id.</summary>
    /// <exception cref="IOException">There is no room for what does not fit into memory.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    [MethodImpl(Bits.Optimized)]
    public void Add(ulong fingerprint, long position)
    {
        ref var part = ref _parts[(int)(fingerprint >> (64 - PartBits))];
        if (part.Next % ChunkIds == 0)
            BeginChunk(ref part);
        part.Slab[part.Next++] = new IdPlace(fingerprint, position);
        part.Count++;
    }

    /// <summary>Tells which ids stand in several places, and where.</summary>
    /// <exception cref="IOException">There is no room for what does not fit into memory.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void FindRepeated(RepeatedIds repeated)
    {
        FreeMemory();
        using var seen = new SeenIds();
        for (var part = 0; part < Parts; part++)
        {
            _cancellation.ThrowIfCancellationRequested();
            seen.Clear();
            seen.Expect(CountOf(part));
            foreach (var ids in Of(part))
                FindRepeated(ids, seen, repeated);
        }
    }

    /// <summary>Adds each id with the place where it stands first.</summary>
    /// <exception cref="IOException">There is no room for what does not fit into memory.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void AddTo(SeenIds seen)
    {
        FreeMemory();
        seen.Expect(Enumerable.Range(0, Parts).Sum(CountOf));
        foreach (var id in Enumerable.Range(0, Parts).SelectMany(Of).SelectMany(ids => ids))
            seen.TryAdd(id.Fingerprint, id.Position, out _);
    }

    public void Dispose()
    {
        Forget();
        ReturnSlabs();
        _file?.Dispose();
        _file = null;
    }

    [MethodImpl(Bits.Optimized)]
    private static void FindRepeated(ArraySegment<IdPlace> ids, SeenIds seen, RepeatedIds repeated)
    {
        foreach (ref readonly var id in ids.AsSpan())
        {
            // The table goes by the highest bits, and those are the same within a part.
            var turned = (id.Fingerprint << PartBits) | (id.Fingerprint >> (64 - PartBits));
            if (!seen.TryAdd(turned, id.Position, out var first))
                repeated.Add(id.Fingerprint, first, id.Position);
        }
    }

    private long CountOf(int part) => _parts[part].Count + (_file?.CountOf(part) ?? 0);

    /// <summary>The ids of a part, in the order in which they were added.</summary>
    private IEnumerable<ArraySegment<IdPlace>> Of(int part) => (_file?.Of(part) ?? []).Concat(InMemory(part));

    private IEnumerable<ArraySegment<IdPlace>> InMemory(int part)
    {
        var chunk = _parts[part].FirstChunk;
        for (var left = _parts[part].Count; left > 0; left -= ChunkIds, chunk = _nextChunks[chunk])
            yield return new ArraySegment<IdPlace>(_slabs[chunk / ChunksOfASlab], StartOf(chunk), Math.Min(left, ChunkIds));
    }

    private void BeginChunk(ref Part part)
    {
        if (_nextChunks.Count == _maxChunks)
            Spill();
        var chunk = _nextChunks.Count;
        _nextChunks.Add(chunk);
        if (chunk == _slabs.Count * ChunksOfASlab)
            _slabs.Add(ArrayPool<IdPlace>.Shared.Rent(SlabIds));
        if (part.Count == 0)
            part.FirstChunk = chunk;
        else
            _nextChunks[part.LastChunk] = chunk;
        part.LastChunk = chunk;
        part.Slab = _slabs[chunk / ChunksOfASlab];
        part.Next = StartOf(chunk);
    }

    private static int StartOf(int chunk) => chunk % ChunksOfASlab * ChunkIds;

    /// <summary>What did not fit into memory as a whole stands in the file as a whole, once it is looked through.</summary>
    private void FreeMemory()
    {
        if (_file is null)
            return;
        Spill();
        ReturnSlabs();
    }

    private void ReturnSlabs()
    {
        foreach (var slab in _slabs)
            ArrayPool<IdPlace>.Shared.Return(slab);
        _slabs.Clear();
    }

    private void Spill()
    {
        _file ??= new PartedFile(Parts);
        for (var part = 0; part < Parts; part++)
        {
            _cancellation.ThrowIfCancellationRequested();
            _file.Append(part, InMemory(part));
        }

        Forget();
    }

    private void Forget()
    {
        Array.Clear(_parts, 0, Parts);
        _nextChunks.Clear();
    }

    /// <summary>What stands in memory of a part: chunks, each of which tells the next one.</summary>
    private struct Part
    {
        public IdPlace[] Slab;
        public int Next;
        public int Count;
        public int FirstChunk;
        public int LastChunk;
    }
}
