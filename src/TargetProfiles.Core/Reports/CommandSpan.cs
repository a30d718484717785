namespace TargetProfiles.Reports;

/// <summary>One command's work on a run.</summary>
internal sealed class CommandSpan(DateTime startedAt)
{
    public DateTime StartedAt { get; } = startedAt;

    /// <summary>When it recorded something last.</summary>
    public DateTime LastAt { get; private set; } = startedAt;

    /// <summary>False if it was killed, or goes on.</summary>
    public bool EndedInOrder { get; private set; }

    public void Record(DateTime at) => LastAt = at > LastAt ? at : LastAt;

    public void End(DateTime at)
    {
        Record(at);
        EndedInOrder = true;
    }
}
