namespace TargetProfiles;

/// <summary>What became of a batch.</summary>
public enum BatchState
{
    /// <summary>The service has it in its queue; it is not processed yet.</summary>
    Accepted,

    /// <summary>The service said no.</summary>
    Refused,

    /// <summary>The whole batch was sent and no readable answer came: the service may have it.</summary>
    Uncertain,

    /// <summary>The service does not have it.</summary>
    NotSent,
}
