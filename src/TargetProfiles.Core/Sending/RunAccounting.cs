namespace TargetProfiles;

/// <summary>
/// Where every row of a run went. Each counter is kept by the part that decides, none is worked out from the others, so
/// that <see cref="IsBalanced"/> proves something.
/// </summary>
public sealed class RunAccounting
{
    private long _read;
    private long _accepted;
    private long _refused;
    private long _uncertain;
    private long _notSent;

    /// <summary>Rows read from the source.</summary>
    public long Read => Volatile.Read(ref _read);

    /// <summary>Rows in batches that the service took.</summary>
    public long Accepted => Volatile.Read(ref _accepted);

    /// <summary>Rows that break a rule; they are in no batch.</summary>
    public long Rejected { get; internal set; }

    /// <summary>Rows with an id and no values, which the service would ignore.</summary>
    public long Empty { get; internal set; }

    /// <summary>Rows merged into an earlier row of the same id.</summary>
    public long Merged { get; internal set; }

    /// <summary>Rows in batches that the service refused.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Rows in batches whose outcome is unknown.</summary>
    public long Uncertain => Volatile.Read(ref _uncertain);

    /// <summary>Rows in batches that were not sent.</summary>
    public long NotSent => Volatile.Read(ref _notSent);

    /// <summary>Rows that another shard of the run sends.</summary>
    public long OtherShard { get; internal set; }

    /// <summary>True once the source was read to its end.</summary>
    public bool SourceEnded { get; internal set; }

    /// <summary>True if every row that was read is accounted for once.</summary>
    public bool IsBalanced => Read == Accepted + Rejected + Empty + Merged + Refused + Uncertain + NotSent + OtherShard;

    /// <summary>True if every row is in Target's queue, or was left out for a reason that is no fault.</summary>
    public bool IsComplete => SourceEnded && IsBalanced && Rejected == 0 && Refused == 0 && Uncertain == 0 && NotSent == 0;

    /// <inheritdoc/>
    public override string ToString() =>
        $"Read {Read} = Accepted {Accepted} + Rejected {Rejected} + Empty {Empty} + Merged {Merged} + Refused {Refused} + " +
        $"Uncertain {Uncertain} + NotSent {NotSent} + OtherShard {OtherShard}{(SourceEnded ? "" : "; the source was not read to its end")}";

    internal void CountRead(int rows = 1) => Volatile.Write(ref _read, _read + rows);

    /// <summary>Takes over what earlier commands of the same journal counted.</summary>
    internal void AddEarlier(long read, long rejected, long empty, long merged)
    {
        Volatile.Write(ref _read, _read + read);
        Rejected += rejected;
        Empty += empty;
        Merged += merged;
    }

    internal void CountBatches(IEnumerable<(BatchState State, int Rows)> batches)
    {
        foreach (var (state, rows) in batches)
            CountBatch(state, rows);
    }

    internal void CountBatch(BatchState state, long rows)
    {
        switch (state)
        {
            case BatchState.Accepted:
                Interlocked.Add(ref _accepted, rows);
                break;
            case BatchState.Refused:
                Interlocked.Add(ref _refused, rows);
                break;
            case BatchState.Uncertain:
                Interlocked.Add(ref _uncertain, rows);
                break;
            case BatchState.NotSent:
                Interlocked.Add(ref _notSent, rows);
                break;
        }
    }
}
