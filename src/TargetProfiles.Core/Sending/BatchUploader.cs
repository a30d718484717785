using TargetProfiles.Batches;
using TargetProfiles.Sending.Journal;
using TargetProfiles.Service;

namespace TargetProfiles.Sending;

/// <summary>Sends one batch until it has an outcome: the worker's work.</summary>
internal sealed class BatchUploader(TargetConnection connection, ProfileApiVersion version, RunJournal? journal, Action<int> onWritten, Action<RunMessage> tell)
{
    private readonly TargetClient _client = new(connection);
    private readonly CallBudget _budget = CallBudget.For(connection);

    /// <summary>Sends; never throws, whatever the service does.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="isStopped">True once the run is not to begin any further call.</param>
    /// <param name="cancellation">Ends the call under way.</param>
    /// <exception cref="JournalException">It cannot be recorded that the batch is sent, so it was not.</exception>
    public async Task<TargetProfileBatch> UploadAsync(SealedBatch batch, Func<bool> isStopped, CancellationToken cancellation)
    {
        var state = batch.StateBefore;
        TargetServiceException? failure = null;
        var attempts = 0;
        while (!isStopped())
        {
            if (await TryAsync(batch, attempts + 1, isStopped, cancellation).ConfigureAwait(false) is not { } reply)
                break;
            attempts++;
            failure = reply.Failure;
            switch (reply.Outcome)
            {
                case SubmitOutcome.Accepted:
                    TellAccepted(batch, reply);
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
            var isThrottled = reply.Failure?.Kind == ServiceFailureKind.Throttled;
            var delay = Delay(attempts, reply);
            tell(new RunMessage.Warning($"Batch {batch.Number} is tried again in {delay.TotalSeconds:N0} s ({attempts} of {connection.MaximumRetryCount}). {failure?.Message}"));
            // After a 503 the gate holds everyone back, this batch too.
            if (!isThrottled && !await WaitAsync(delay, cancellation).ConfigureAwait(false))
                break;
        }

        return Result(batch, state, attempts, failure, null);
    }

    /// <returns>What came of one call, or null if none was made.</returns>
    private async Task<SubmitReply?> TryAsync(SealedBatch batch, int attempt, Func<bool> isStopped, CancellationToken cancellation)
    {
        try
        {
            using var turn = await _budget.TakeAsync(isSubmit: true, wait => Tell(batch, $"waits {wait.TotalSeconds:N0} s for its turn"), cancellation).ConfigureAwait(false);
            if (isStopped())
                return null;
            if (attempt == 1)
                journal?.Add(new SendingRecord(batch.Number, batch.Part, batch.Sha256), flush: true);
            Tell(batch, $"{CountText.Of(batch.RowCount, "row")}, {batch.Length:N0} bytes, try {attempt}");
            var reply = await _client.SubmitBatchAsync(batch, version, onWritten, cancellation).ConfigureAwait(false);
            if (reply.Failure?.Kind == ServiceFailureKind.Throttled)
                turn.Shut(Delay(attempt, reply));
            else if (reply.Failure?.StatusCode is not null || reply.Outcome == SubmitOutcome.Accepted)
                turn.Passed();
            return reply;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private TimeSpan Delay(int attempt, SubmitReply reply) =>
        connection.Options.RetryDelays.For(attempt, reply.Failure?.Kind == ServiceFailureKind.Throttled, reply.Failure?.RetryAfter);

    private void TellAccepted(SealedBatch batch, SubmitReply reply)
    {
        if (reply.BatchId is not null)
            Tell(batch, $"accepted as {reply.BatchId}");
        else
            tell(new RunMessage.Warning($"Batch {batch.Number} was accepted, but the reply names no batch id, so its status cannot be asked for."));
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
            Part = batch.Part,
            Sha256 = batch.Sha256,
            ApiVersion = version,
            SubmittedAt = state == BatchState.Accepted ? DateTime.UtcNow : null,
            Attempts = attempts,
            Message = failure?.Message,
            Failure = failure,
        };

    private void Tell(SealedBatch batch, string text) => tell(new RunMessage.Detail($"Batch {batch.Number}: {text}."));
}
