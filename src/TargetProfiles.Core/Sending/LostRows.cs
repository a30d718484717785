namespace TargetProfiles.Sending;

/// <summary>Rows that were sent and that no count of Target's holds, over many batches. Target owns to 0.1 % of large ones (fact 1.31).</summary>
/// <param name="maximumRate">The share, 0 to 1, up to which that is nothing to be told of.</param>
public sealed class LostRows(double maximumRate)
{
    /// <summary>The share that Target itself calls usual.</summary>
    public const double UsualRate = 0.001;

    /// <summary>Rows of the batches whose counts are known.</summary>
    public long Rows { get; private set; }

    /// <summary>Rows of these that no count holds.</summary>
    public long Lost { get; private set; }

    /// <summary>True if more are lost than may be.</summary>
    public bool IsAboveMaximum => Lost > 0 && Lost > Rows * maximumRate;

    /// <summary>Counts a batch, if its counts are known.</summary>
    public void Add(TargetBatchStatus status)
    {
        if (status is null)
            throw new ArgumentNullException(nameof(status));
        if (status.LostRows is not long lost)
            return;
        Rows += status.Rows!.Value;
        Lost += lost;
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"{Lost:N0} of {CountText.Of(Rows, "row")} ({(Rows == 0 ? 0 : 100.0 * Lost / Rows):0.###} %) {(Lost == 1 ? "is" : "are")} in none of Target's counts: not as updated, not as without a profile, not as failed. Up to {100 * maximumRate:0.###} % is taken as usual (-MaximumLossRate).");
}
