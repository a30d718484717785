namespace TargetProfiles.Sending;

/// <summary>What a run would do.</summary>
public sealed class SendPlan
{
    /// <summary>Rows read.</summary>
    public long Rows { get; internal set; }

    /// <summary>Rows that would be rejected.</summary>
    public long Rejected { get; internal set; }

    /// <summary>Rows without values.</summary>
    public long Empty { get; internal set; }

    /// <summary>Batches, and so calls.</summary>
    public int Batches { get; internal set; }

    /// <summary>Bytes of all bodies.</summary>
    public long Bytes { get; internal set; }

    /// <summary>Calls a minute that the plan counts with.</summary>
    public int CallsPerMinute { get; internal set; }

    /// <summary>Minutes that the calls take at least.</summary>
    public int LeastMinutes => CallsPerMinute <= 0 || Batches == 0 ? 0 : (Batches - 1) / CallsPerMinute;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"Send {Rows - Rejected - Empty:N0} of {Rows:N0} rows in {Batches} batches, {Bytes:N0} bytes, {Batches} calls, at least {LeastMinutes} minutes at {CallsPerMinute} calls a minute. Rejected: {Rejected:N0}. Without values: {Empty:N0}.");
}
