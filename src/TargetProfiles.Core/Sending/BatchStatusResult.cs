namespace TargetProfiles.Sending;

/// <summary>What came of asking for a batch's status.</summary>
/// <param name="BatchId">The batch.</param>
/// <param name="Status">The last status; null if none could be had.</param>
/// <param name="Failure">Why none could be had, or why waiting ended; null if all is well.</param>
public sealed record BatchStatusResult(string BatchId, TargetBatchStatus? Status, Exception? Failure)
{
    /// <summary>True unless something is left to be done or to be waited for. That a status has expired is no failure.</summary>
    public bool IsSuccess => Failure is null && Status?.State is BatchProcessingState.Complete or BatchProcessingState.Expired;
}
