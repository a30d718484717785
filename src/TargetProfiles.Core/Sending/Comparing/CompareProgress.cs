namespace TargetProfiles.Sending.Comparing;

/// <summary>How far a comparison is.</summary>
public readonly record struct CompareProgress
{
    /// <summary>Rows read.</summary>
    public long Rows { get; init; }

    /// <summary>Rows with an outcome.</summary>
    public long Compared { get; init; }

    /// <summary>Rows that do not match yet and are looked at again.</summary>
    public int Waiting { get; init; }

    /// <summary>Time until waiting ends.</summary>
    public TimeSpan TimeLeft { get; init; }

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = FormattableString.Invariant($"{CountText.Of(Rows, "row")} read, {Compared:N0} compared");
        return Waiting == 0 ? text : text + FormattableString.Invariant($", {Waiting:N0} waited for, {TimeLeft:hh\\:mm\\:ss} left");
    }
}
