namespace TargetProfiles.Service;

/// <summary>Gives a call up when nothing moved for too long, however long it takes in all.</summary>
internal sealed class ProgressDeadline : IDisposable
{
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _source;

    public ProgressDeadline(TimeSpan timeout, CancellationToken caller)
    {
        _caller = caller;
        _source = CancellationTokenSource.CreateLinkedTokenSource(caller);
        Extend(timeout);
    }

    public CancellationToken Token => _source.Token;

    /// <summary>True if the time ran out, false if the caller cancelled.</summary>
    public bool HasExpired => _source.IsCancellationRequested && !_caller.IsCancellationRequested;

    public void Extend(TimeSpan timeout) => _source.CancelAfter(timeout);

    public void Dispose() => _source.Dispose();
}
