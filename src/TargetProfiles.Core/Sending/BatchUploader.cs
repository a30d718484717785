using TargetProfiles.Batches;
using TargetProfiles.Service;

namespace TargetProfiles.Sending;

/// <summary>Sends one batch until it has an outcome: the worker's work.</summary>
internal sealed class BatchUploader(TargetConnection connection, ProfileApiVersion version, Action<int> onWritten, Action<RunMessage> tell)
{
    private readonly TargetClient _client = new(connection);
    private readonly CallBudget _budget = CallBudget.For(connection);

    /// <summary>Sends; never throws, whatever happens.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="isStopped">True once the run is not to begin any further call.</param>
    /// <param name="cancellation">Ends the call under way.</param>
    public async Task<TargetProfileBatch> UploadAsync(SealedBatch batch, Func<bool> isStopped, CancellationToken cancellation)
    {
        var state = BatchState.NotSent;
        TargetServiceException? failure = null;
        var attempts = 0;
        while (!isStopped())
        {
            int turn;
            try
            {
                turn = await _budget.TakeAsync(isSubmit: true, wait => Tell(batch, $"waits {wait.TotalSeconds:N0} s for its turn: {connection.CallsPerMinute} calls a minute"), cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                break;
            }

            if (isStopped())
            {
                _budget.EndedUnknown(turn);
                break;
            }

            attempts++;
            Tell(batch, $"{batch.RowCount:N0} rows, {batch.Length:N0} bytes, try {attempts}");
            var reply = await _client.SubmitBatchAsync(batch, version, onWritten, cancellation).ConfigureAwait(false);
            var isThrottled = reply.Failure?.Kind == ServiceFailureKind.Throttled;
            var delay = connection.Options.RetryDelays.For(attempts, isThrottled, reply.Failure?.RetryAfter);
            if (isThrottled)
                _budget.Shut(delay);
            else if (reply.Failure?.StatusCode is not null || reply.Outcome == SubmitOutcome.Accepted)
                _budget.Passed(turn);
            else
                _budget.EndedUnknown(turn);
            failure = reply.Failure;
            switch (reply.Outcome)
            {
                case SubmitOutcome.Accepted:
                    Tell(batch, $"accepted as {reply.BatchId}");
                    return Result(batch, BatchState.Accepted, attempts, null, reply);
                case SubmitOutcome.Refused:
                    // An earlier try whose outcome is unknown may have been taken all the same.
                    return Result(batch, state == BatchState.Uncertain ? state : BatchState.Refused, attempts, failure, reply);
                case SubmitOutcome.ConnectionUnusable:
                    return Result(batch, state, attempts, failure, reply);
                case SubmitOutcome.Uncertain:
                    state = BatchState.Uncertain;
                    break;
            }

            if (cancellation.IsCancellationRequested || attempts > connection.MaximumRetryCount)
                break;
            tell(new RunMessage.Warning($"Batch {batch.Number} is tried again in {delay.TotalSeconds:N0} s ({attempts} of {connection.MaximumRetryCount}). {failure?.Message}"));
            if (!isThrottled && !await WaitAsync(delay, cancellation).ConfigureAwait(false))
                break;
        }

        return Result(batch, state, attempts, failure, null);
    }

    private static async Task<bool> WaitAsync(TimeSpan delay, CancellationToken cancellation)
    {
        try
        {
            await Task.Delay(delay, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private TargetProfileBatch Result(SealedBatch batch, BatchState state, int attempts, TargetServiceException? failure, SubmitReply? reply) =>
        new(batch.Number, state, batch.FirstRow, batch.LastRow, batch.RowCount, batch.Length)
        {
            BatchId = reply?.BatchId,
            StatusUri = reply?.StatusUri,
            Sha256 = batch.Sha256,
            ApiVersion = version,
            SubmittedAt = state == BatchState.Accepted ? DateTime.UtcNow : null,
            Attempts = attempts,
            Message = failure?.Message,
            Failure = failure,
        };

    private void Tell(SealedBatch batch, string text) => tell(new RunMessage.Detail($"Batch {batch.Number}: {text}."));
}
