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
            $"Send {Rows - Rejected - Empty - Merged:N0} of {CountText.Of(Rows, "row")}, {Bytes:N0} bytes, in {CountText.Of(Batches, "batch")} and so {CountText.Of(Batches, "call")}");
        var time = LeastMinutes == 0 ? "" : $", which takes at least {CountText.Of(LeastMinutes, "minute")} at {CountText.Of(CallsPerMinute, "call")} a minute";
        string[] others =
        [
            Unsent(Merged, "row would be merged into an earlier row of the same id", "rows would be merged into earlier rows of the same id"),
            Unsent(Rejected, "row would be rejected", "rows would be rejected"),
            Unsent(Empty, "row has no values", "rows have no values"),
        ];
        var unsent = string.Join(", ", others.Where(other => other.Length > 0));
        var canary = Canary switch
        {
            0 => "",
            1 => " The first row would go alone; the others would follow only once it has been fetched back and holds what was sent.",
            _ => FormattableString.Invariant($" The first {Canary:N0} rows would go alone; the others would follow only once these have been fetched back and hold what was sent."),
        };
        return $"{text}{time}.{(unsent.Length == 0 ? "" : $" {unsent}.")}{canary}";
    }

    private static string Unsent(long count, string one, string many) => count == 0 ? "" : CountText.Of(count, one, many);
}
