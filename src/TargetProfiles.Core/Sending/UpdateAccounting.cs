namespace TargetProfiles;

/// <summary>Where every row of a command that updates profiles one by one went. It goes on counting while the command runs.</summary>
public sealed class UpdateAccounting
{
    /// <summary>Rows read.</summary>
    public long Read { get; internal set; }

    /// <summary>Rows whose update the service took. It says so for profiles that do not exist too (fact 2.3).</summary>
    public long Submitted { get; internal set; }

    /// <summary>Rows that break a rule; they are not sent.</summary>
    public long Rejected { get; internal set; }

    /// <summary>Rows that were not sent because a look at the service showed no such profile.</summary>
    public long NotFound { get; internal set; }

    /// <summary>Rows whose call failed.</summary>
    public long Failed { get; internal set; }

    /// <summary>Rows that were not sent, or whose reply was not awaited, since the command ended early or the user said no.</summary>
    public long NotSent => Read - Submitted - Rejected - NotFound - Failed;

    /// <summary>Single updates of the last 24 hours to this account, as far as they are known on this machine. Target allows a million.</summary>
    public long UpdatesWithin24Hours { get; internal set; }

    /// <summary>True once the source was read to its end.</summary>
    public bool SourceEnded { get; internal set; }

    /// <summary>True if the service took the update of every row.</summary>
    public bool IsComplete => SourceEnded && Submitted == Read;

    /// <inheritdoc/>
    public override string ToString() =>
        $"Read {Read} = Submitted {Submitted} + Rejected {Rejected} + NotFound {NotFound} + Failed {Failed} + NotSent {NotSent}{(SourceEnded ? "" : "; the source was not read to its end")}";
}
