namespace TargetProfiles.Sending;

/// <summary>How far a run is.</summary>
public readonly record struct SendProgress
{
    /// <summary>Rows read.</summary>
    public long Rows { get; init; }

    /// <summary>Batches with an outcome.</summary>
    public int BatchesDone { get; init; }

    /// <summary>Batches sealed so far.</summary>
    public int Batches { get; init; }

    /// <summary>Bytes written to the network, repeats included.</summary>
    public long BytesSent { get; init; }

    /// <summary>Bytes of the source read.</summary>
    public long SourceBytesRead { get; init; }

    /// <summary>Bytes of the source in all; null where unknown, as in a pipeline.</summary>
    public long? SourceBytes { get; init; }

    /// <summary>True while files are read for the first time, to find ids that come more than once.</summary>
    public bool IsIndexing { get; init; }

    /// <summary>True while the first rows are waited for.</summary>
    public bool IsAwaitingCanary { get; init; }

    /// <summary>Time since the run began.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Share of the source that was read, 0 to 100; null where unknown.</summary>
    public int? PercentRead => SourceBytes is > 0 ? (int)Math.Min(100, SourceBytesRead * 100 / SourceBytes.Value) : null;

    /// <summary>Rows a second since the run began.</summary>
    public double RowsPerSecond => Elapsed > TimeSpan.Zero ? Rows / Elapsed.TotalSeconds : 0;

    /// <summary>Time left if it goes on as before; null where unknown or too early to tell.</summary>
    public TimeSpan? TimeLeft => SourceBytes is > 0 && SourceBytesRead > 0 && Elapsed > TimeSpan.FromSeconds(2)
        ? TimeSpan.FromSeconds(Elapsed.TotalSeconds * Math.Max(0, SourceBytes.Value - SourceBytesRead) / SourceBytesRead)
        : null;

    /// <inheritdoc/>
    public override string ToString()
    {
        if (IsIndexing)
            return FormattableString.Invariant($"looking for ids that come more than once, {SourceBytesRead / 1e6:N1} MB read");
        if (IsAwaitingCanary)
            return "waiting for the first rows to arrive in Target";
        var text = FormattableString.Invariant($"{CountText.Of(Rows, "row")}, {BatchesDone} of {CountText.Of(Batches, "batch")}, {BytesSent / 1e6:N1} MB sent, {RowsPerSecond:N0} rows/s");
        return TimeLeft is TimeSpan left ? text + FormattableString.Invariant($", {left:hh\\:mm\\:ss} left") : text;
    }
}
