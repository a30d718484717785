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

    /// <summary>Rows that would be merged into an earlier row of the same id.</summary>
    public long Merged { get; internal set; }

    /// <summary>Batches, and so calls.</summary>
    public int Batches { get; internal set; }

    /// <summary>Bytes of all bodies.</summary>
    public long Bytes { get; internal set; }

    /// <summary>Rows that would go first, alone; 0 if all would go at once.</summary>
    public int Canary { get; internal set; }

    /// <summary>Calls a minute that the plan counts with.</summary>
    public int CallsPerMinute { get; internal set; }

    /// <summary>Minutes that the calls take at least.</summary>
    public int LeastMinutes => CallsPerMinute <= 0 || Batches == 0 ? 0 : (Batches - 1) / CallsPerMinute;

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = FormattableString.Invariant(
            $"Send {Rows - Rejected - Empty - Merged:N0} of {Rows:N0} rows, {Bytes:N0} bytes, in {Counted(Batches, "batch", "batches")} and so {Counted(Batches, "call", "calls")}");
        var time = LeastMinutes == 0 ? "" : $", which takes at least {Counted(LeastMinutes, "minute", "minutes")} at {CallsPerMinute} calls a minute";
        var merged = Merged == 0 ? "" : FormattableString.Invariant($"{Merged:N0} rows would be merged into earlier rows of the same id, ");
        var canary = Canary == 0 ? "" : FormattableString.Invariant($" The first {Canary:N0} rows would go alone; the others would follow only once these have been fetched back and hold what was sent.");
        return FormattableString.Invariant($"{text}{time}. {merged}{Rejected:N0} rows would be rejected, {Empty:N0} have no values.{canary}");
    }

    private static string Counted(int count, string one, string many) => FormattableString.Invariant($"{count:N0} {(count == 1 ? one : many)}");
}
