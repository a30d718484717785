using BenchmarkDotNet.Attributes;
using TargetProfiles.Profiles;
using TargetProfiles.Sending.Duplicates;

namespace TargetProfiles.Benchmarks;

/// <summary>The guard against duplicate ids: a million ids, none of them twice.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class Ids
{
    private const int Count = 1_000_000;

    private readonly IdFingerprint _fingerprint = new(1, 2);

    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public ulong Fingerprint()
    {
        Span<byte> id = stackalloc byte[10];
        var all = 0UL;
        for (var i = 0; i < Count; i++)
            all ^= FingerprintOf(i, id);
        return all;
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public bool SeenIds()
    {
        Span<byte> id = stackalloc byte[10];
        using var seen = new SeenIds();
        var isNew = true;
        for (var i = 0; i < Count; i++)
            isNew &= seen.TryAdd(FingerprintOf(i, id), i, out _);
        return isNew;
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public bool PartedIds()
    {
        Span<byte> id = stackalloc byte[10];
        using var parted = new PartedIds(default);
        using var repeated = new RepeatedIds();
        for (var i = 0; i < Count; i++)
            parted.Add(FingerprintOf(i, id), i);
        parted.FindRepeated(repeated);
        return repeated.Any;
    }

    private ulong FingerprintOf(int number, Span<byte> id)
    {
        id[0] = (byte)'L';
        id[1] = (byte)'M';
        for (var i = id.Length - 1; i > 1; i--, number /= 10)
            id[i] = (byte)('0' + (number % 10));
        return _fingerprint.Of(ProfileIdType.ThirdPartyId, id);
    }
}
