namespace TargetProfiles.Sending.Statuses;

/// <summary>Decides whether a batch has its result, and which.</summary>
internal sealed class ResultDecision(TargetConnection connection, BatchStatusOptions options, StatusRetention retention)
{
    /// <summary>The result after a question; null if the batch is to be asked for again.</summary>
    public BatchStatusResult? ResultOf(BatchWatch watch)
    {
        var isPatienceOver = watch.Unknown.Elapsed >= options.UnknownPatience;
        // A batch may be unknown because it is too young, too: an edge may learn of it late.
        if (watch is { Failure: null, Last: { State: BatchProcessingState.Unknown } unknown }
            && retention.IsOver(watch.BatchId, unknown.CheckedAt)
            && (isPatienceOver || unknown.CheckedAt - watch.SubmittedAt >= options.UnknownPatience))
        {
            watch.Last = unknown.AsExpired();
        }

        if (watch.Failure is null && (!options.Wait || watch.Last!.IsFinal))
            return new BatchStatusResult(watch.BatchId, watch.Last, null);
        if (watch.Failure is { } failure && (!failure.IsTransient || (!options.Wait && watch.Failures > connection.MaximumRetryCount)))
            return Failed(watch, failure);
        return isPatienceOver && watch.Failure is null ? Failed(watch, NotKnown(watch)) : null;
    }

    /// <summary>The result of a batch whose time to wait is over.</summary>
    public BatchStatusResult NotInTime(BatchWatch watch)
    {
        var reason = watch.Failure is { } failure
            ? $"no status could be had: {failure.Message.TrimEnd('.')}"
            : watch.Last is null ? "no status could be had" : $"it is still '{watch.Last.RawStatus}'";
        return Failed(watch, new TargetServiceException(
            ServiceFailureKind.TimedOut,
            FormattableString.Invariant($"Batch {watch.BatchId}: after {options.Timeout.TotalSeconds:N0} s, {reason}."),
            "Ask again later: Target may take up to a day. Statuses are kept for a day at most."));
    }

    /// <summary>The result of a batch that a failure put an end to.</summary>
    public static BatchStatusResult Failed(BatchWatch watch, Exception failure) => new(watch.BatchId, watch.Last, failure);

    private static TargetServiceException NotKnown(BatchWatch watch) => new(
        ServiceFailureKind.BatchUnknown,
        $"Batch {watch.BatchId}: the service does not know it: it says '{watch.Last!.RawStatus}'.",
        "Check the batch id and the client code.");
}
