namespace TargetProfiles.Sending.Duplicates;

/// <summary>
/// Fingerprints on their way into a table, put aside by the part of the table that they belong to: what comes in any order is
/// spread over more memory than a processor has at hand, and waiting for it once for each would take longer than all the rest.
/// </summary>
internal sealed class DueIds
{
    private const int PartBits = 6;
    private const int IdsOfAPart = 128;

    private readonly Id[] _ids = new Id[IdsOfAPart << PartBits];
    private readonly int[] _counts = new int[1 << PartBits];

    /// <summary>Puts a fingerprint aside.</summary>
    /// <returns>The part that is full now and must be taken, or -1.</returns>
    public int Add(ulong fingerprint, long position)
    {
        var part = (int)(fingerprint >> (64 - PartBits));
        var count = _counts[part]++;
        _ids[(part * IdsOfAPart) + count] = new Id(fingerprint, position);
        return count + 1 == IdsOfAPart ? part : -1;
    }

    /// <summary>Takes what was put aside for a part, in the order in which it came.</summary>
    public ReadOnlySpan<Id> Take(int part)
    {
        var ids = _ids.AsSpan(part * IdsOfAPart, _counts[part]);
        _counts[part] = 0;
        return ids;
    }

    /// <summary>How many parts there are.</summary>
    public int Parts => _counts.Length;

    /// <param name="Fingerprint">The fingerprint.</param>
    /// <param name="Position">Where it stands.</param>
    internal readonly record struct Id(ulong Fingerprint, long Position);
}
