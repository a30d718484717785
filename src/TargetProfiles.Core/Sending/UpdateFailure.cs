namespace TargetProfiles.Sending;

/// <summary>An update that came to nothing.</summary>
public sealed class UpdateFailure
{
    internal UpdateFailure()
    {
    }

    /// <summary>Why.</summary>
    public required Exception Exception { get; init; }

    /// <summary>The visitor's id.</summary>
    public required string Id { get; init; }

    /// <summary>Number of the row, from 1.</summary>
    public required long Row { get; init; }

    /// <summary>Where to go on once the cause is mended, if every further row would fail likewise; null if the others are worth sending.</summary>
    public long? FirstRowToSendAgain { get; init; }
}
