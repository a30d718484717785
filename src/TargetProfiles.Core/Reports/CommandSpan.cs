namespace TargetProfiles.Reports;

/// <summary>One command's work on a run.</summary>
internal sealed class CommandSpan(DateTime startedAt)
{
    private DateTime _lastAt = startedAt;

    public DateTime StartedAt { get; } = startedAt;

    /// <summary>When it recorded something last.</summary>
    public DateTime LastAt
    {
        get => _lastAt;
        set => _lastAt = value > _lastAt ? value : _lastAt;
    }

    /// <summary>False if it was killed, or goes on.</summary>
    public bool EndedInOrder { get; set; }
}
