namespace TargetProfiles.Service;

/// <summary>What became of one try to submit a batch.</summary>
internal enum SubmitOutcome
{
    /// <summary>The service has it: 2xx and success=true.</summary>
    Accepted,

    /// <summary>The service cannot have it; the same bytes may be sent again.</summary>
    NotAccepted,

    /// <summary>The service read it and said no; sending it again would change nothing.</summary>
    Refused,

    /// <summary>The whole body left, and no readable answer came: the service may have it.</summary>
    Uncertain,

    /// <summary>No batch of this connection can succeed now.</summary>
    ConnectionUnusable,
}

internal sealed record SubmitReply(SubmitOutcome Outcome)
{
    public string? BatchId { get; init; }

    public Uri? StatusUri { get; init; }

    /// <summary>Why it was not accepted; null if it was.</summary>
    public TargetServiceException? Failure { get; init; }
}
