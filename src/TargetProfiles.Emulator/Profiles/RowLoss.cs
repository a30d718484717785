namespace TargetProfiles.Emulator.Profiles;

/// <summary>Which rows get lost: settled by seed, batch and row, so a run repeats.</summary>
internal readonly struct RowLoss(double rate, int seed, long batchNumber)
{
    private readonly ulong _start = ((ulong)(uint)seed * 0x9E3779B97F4A7C15UL) + (ulong)batchNumber;

    public bool Takes(int row)
    {
        if (rate <= 0)
        {
            return false;
        }

        ulong value = _start + ((ulong)(uint)row * 0xD1342543DE82EF95UL);
        value = (value ^ (value >> 32)) * 0xBF58476D1CE4E5B9UL;
        value ^= value >> 29;
        return (value >> 11) * (1.0 / (1UL << 53)) < rate;
    }
}
