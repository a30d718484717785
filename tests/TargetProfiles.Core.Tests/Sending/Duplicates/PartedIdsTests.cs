using FsCheck.Fluent;
using TargetProfiles.Sending.Duplicates;

namespace TargetProfiles.Core.Tests;

/// <summary>All ids of files, parted so that equal ones are found together.</summary>
public sealed class PartedIdsTests
{
    private const ulong Spread = 0x9E3779B97F4A7C15;

    [Fact]
    public void Repeated_ids_are_found_with_all_their_places_however_little_memory_there_is() =>
        Generators.Check(
            from ids in Gen.Choose(1, 40_000)
            from distinct in Gen.Elements(1, 3, 5_000, 1_000_000)
            from maxBytes in Gen.Elements(0, 300_000, 64 * 1024 * 1024)
            select (ids, distinct, maxBytes),
            input =>
            {
                using var parted = new PartedIds(default, input.maxBytes);
                var places = new Dictionary<ulong, List<long>>();
                for (var i = 0; i < input.ids; i++)
                {
                    var fingerprint = ((ulong)(i % input.distinct) + 1) * Spread;
                    parted.Add(fingerprint, i);
                    if (!places.TryGetValue(fingerprint, out var known))
                        places.Add(fingerprint, known = []);
                    known.Add(i);
                }

                using var repeated = new RepeatedIds();
                using var seen = new SeenIds();
                parted.FindRepeated(repeated);
                repeated.Complete();
                parted.AddTo(seen);
                var found = new List<long>();
                return places.All(entry =>
                {
                    repeated.Find(entry.Key, found);
                    return found.SequenceEqual(entry.Value.Count > 1 ? entry.Value : []) && seen.TryFind(entry.Key, out var first) && first == entry.Value[0];
                });
            },
            tests: 20);

    [Fact]
    public void Looking_through_ids_and_writing_them_to_the_disk_can_be_cancelled()
    {
        using var parted = new PartedIds(new CancellationToken(canceled: true), maxBytes: 0);
        using var repeated = new RepeatedIds();
        Assert.Throws<OperationCanceledException>(() => parted.FindRepeated(repeated));
        Assert.Throws<OperationCanceledException>(() =>
        {
            for (var i = 1UL; i < 100_000; i++)
                parted.Add(i * Spread, 0);
        });
    }
}
