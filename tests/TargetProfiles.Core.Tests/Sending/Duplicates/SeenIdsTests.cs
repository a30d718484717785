using FsCheck.Fluent;
using TargetProfiles.Sending.Duplicates;

namespace TargetProfiles.Core.Tests;

/// <summary>Fingerprints remembered, in memory and out of it.</summary>
public sealed class SeenIdsTests
{
    [Fact]
    public void Seen_ids_are_what_a_dictionary_says_however_little_memory_there_is() =>
        Generators.Check(
            from fingerprints in Gen.ArrayOf(Gen.Choose(1, 400).Select(i => (ulong)i * 0x9E3779B97F4A7C15), 1_500)
            from tableBytes in Gen.Elements(0, 256, 4096, 1 << 20)
            select (fingerprints, tableBytes),
            input =>
            {
                using var seen = new SeenIds(input.tableBytes);
                var expected = new Dictionary<ulong, long>();
                for (var i = 0; i < input.fingerprints.Length; i++)
                {
                    var isNew = expected.TryAdd(input.fingerprints[i], i);
                    if (seen.TryAdd(input.fingerprints[i], i, out var first) != isNew || first != expected[input.fingerprints[i]])
                        return false;
                }

                return expected.All(entry => seen.TryFind(entry.Key, out var first) && first == entry.Value) && !seen.TryFind(ulong.MaxValue, out _);
            },
            tests: 30);

    [Fact]
    public void Repeated_ids_keep_every_position_in_order_however_little_memory_there_is() =>
        Generators.Check(
            from fingerprints in Gen.ArrayOf(Gen.Choose(1, 60).Select(i => (ulong)i * 0x9E3779B97F4A7C15), 2_000)
            from maxPairs in Gen.Elements(16, 100, 700, 100_000)
            select (fingerprints, maxPairs),
            input =>
            {
                using var repeated = new RepeatedIds(input.maxPairs);
                var all = new Dictionary<ulong, List<long>>();
                for (var i = 0; i < input.fingerprints.Length; i++)
                {
                    if (!all.TryGetValue(input.fingerprints[i], out var positions))
                        all.Add(input.fingerprints[i], positions = []);
                    positions.Add(i);
                    if (positions.Count > 1)
                        repeated.Add(input.fingerprints[i], positions[0], i);
                }

                repeated.Complete();
                var found = new List<long>();
                return all.All(entry =>
                {
                    repeated.Find(entry.Key, found);
                    return repeated.Contains(entry.Key) == (entry.Value.Count > 1) && found.SequenceEqual(entry.Value.Count > 1 ? entry.Value : []);
                });
            },
            tests: 30);

    [Fact]
    public void Million_ids_in_a_hundredth_of_the_memory_are_told_apart()
    {
        const int Count = 1_000_000;
        using var seen = new SeenIds(Count * 16 / 100);
        for (var i = 1; i <= Count; i++)
            Assert.True(seen.TryAdd((ulong)i * 0x9E3779B97F4A7C15, i, out _));
        for (var i = 1; i <= Count; i += 997)
        {
            Assert.False(seen.TryAdd((ulong)i * 0x9E3779B97F4A7C15, -1, out var first));
            Assert.Equal(i, first);
        }
    }
}
