namespace TargetProfiles.Sending;

/// <summary>Something a run has to tell its front end, in the order it happened.</summary>
public abstract record RunMessage
{
    private RunMessage()
    {
    }

    /// <summary>A batch has its outcome. Batches come in their order.</summary>
    public sealed record BatchDone(TargetProfileBatch Batch) : RunMessage;

    /// <summary>A row breaks a rule. Unless every finding is wanted, only the first errors of a run are told one by one.</summary>
    public sealed record RowFound(TargetRowFinding Finding) : RunMessage;

    /// <summary>Something the user should know.</summary>
    public sealed record Warning(string Text) : RunMessage;

    /// <summary>Something the user may want to follow.</summary>
    public sealed record Detail(string Text) : RunMessage;
}
