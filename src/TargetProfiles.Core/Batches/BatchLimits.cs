namespace TargetProfiles;

/// <summary>Caps of a batch, whichever is reached first.</summary>
public sealed class BatchLimits
{
    /// <summary>Default rows of a batch: a failed batch costs less than a full one would.</summary>
    public const int DefaultRows = 100_000;

    /// <summary>Default bytes of a batch body.</summary>
    public const int DefaultBytes = 20_000_000;

    /// <summary>Creates caps.</summary>
    /// <param name="rows">1 to <see cref="ServiceLimits.MaxBatchRows"/>.</param>
    /// <param name="bytes">64 to <see cref="ServiceLimits.MaxBatchBytes"/>; a body stays below it.</param>
    /// <exception cref="ArgumentOutOfRangeException">A cap is outside what the service takes.</exception>
    public BatchLimits(int rows = DefaultRows, int bytes = DefaultBytes)
    {
        if (rows is < 1 or > ServiceLimits.MaxBatchRows)
            throw new ArgumentOutOfRangeException(nameof(rows), $"-MaxBatchRows must be 1 to {ServiceLimits.MaxBatchRows}.");
        if (bytes is < 64 or > ServiceLimits.MaxBatchBytes)
            throw new ArgumentOutOfRangeException(nameof(bytes), $"-MaxBatchBytes must be 64 to {ServiceLimits.MaxBatchBytes}.");
        Rows = rows;
        Bytes = bytes;
    }

    /// <summary>Rows at most, the header not counted.</summary>
    public int Rows { get; }

    /// <summary>Rows of the first batch at most, where it is to be smaller than the others; else null.</summary>
    internal int? FirstBatchRows { get; init; }

    /// <summary>The body stays below this many bytes, <c>batch=</c> and header included.</summary>
    public int Bytes { get; }
}
