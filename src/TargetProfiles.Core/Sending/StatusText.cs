namespace TargetProfiles.Sending;

/// <summary>What a status means, in a sentence.</summary>
public static class StatusText
{
    /// <summary>The sentence.</summary>
    public static string Of(TargetBatchStatus status)
    {
        if (status is null)
            throw new ArgumentNullException(nameof(status));
        return $"Batch {status.BatchId}: " + status.State switch
        {
            BatchProcessingState.Complete => "Target has processed it.",
            BatchProcessingState.CompleteWithFailures => $"Target has processed it, but {Failures(status)}.",
            BatchProcessingState.Incomplete => "Target is still processing it.",
            BatchProcessingState.Stuck => $"Target could not process it; it says '{status.RawStatus}'.",
            BatchProcessingState.Expired => "Target does not keep its status any more.",
            _ => $"Target does not know it; it says '{status.RawStatus}'.",
        };
    }

    /// <summary>What it means that statuses have expired.</summary>
    public static string OfExpired(int batches) =>
        $"Target does not keep the status of {CountText.Of(batches, "batch")} any more, as it does for a day and for the latest ten only. What became of {(batches == 1 ? "it" : "them")} cannot be told, which is no failure: fetch some profiles to be sure.";

    private static string Failures(TargetBatchStatus status)
    {
        var failed = status.FailedUpdates ?? status.FailedIds.Count;
        var missing = status.ProfilesNotFound ?? 0;
        var parts = new List<string>();
        if (failed > 0)
            parts.Add($"{CountText.Of(failed, "row")} failed");
        if (missing > 0)
            parts.Add($"{CountText.Of(missing, "row has", "rows have")} no profile");
        return string.Join(" and ", parts);
    }
}
