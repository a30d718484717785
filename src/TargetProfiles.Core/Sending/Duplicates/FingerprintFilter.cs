namespace TargetProfiles.Sending.Duplicates;

/// <summary>
/// Tells of most fingerprints that they were not added, without looking them up: a Bloom filter whose bits of one fingerprint
/// share a word, so that a question costs one access to memory.
/// </summary>
internal sealed class FingerprintFilter
{
    /// <summary>Enough that two or three in a hundred are looked up for nothing.</summary>
    public const int BitsPerFingerprint = 10;

    private readonly ulong[] _words;

    public FingerprintFilter(long fingerprints, long maxBytes)
    {
        var bytes = Math.Min(fingerprints * BitsPerFingerprint / 8, maxBytes);
        _words = new ulong[Math.Max(1, bytes / sizeof(ulong))];
    }

    public long Bytes => (long)_words.Length * sizeof(ulong);

    public void Add(ulong fingerprint) => _words[WordOf(fingerprint)] |= BitsOf(fingerprint);

    public bool MayHold(ulong fingerprint)
    {
        var bits = BitsOf(fingerprint);
        return (_words[WordOf(fingerprint)] & bits) == bits;
    }

    private int WordOf(ulong fingerprint) => (int)(((fingerprint >> 32) * (ulong)_words.Length) >> 32);

    private static ulong BitsOf(ulong fingerprint) =>
        (1UL << (int)(fingerprint & 63)) | (1UL << (int)((fingerprint >> 6) & 63)) | (1UL << (int)((fingerprint >> 12) & 63)) | (1UL << (int)((fingerprint >> 18) & 63));
}
