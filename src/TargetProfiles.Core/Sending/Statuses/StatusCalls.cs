using TargetProfiles.Service;

namespace TargetProfiles.Sending.Statuses;

/// <summary>Asks the service for statuses within the call budget, and knows whether it gives any just now. May be used from any thread.</summary>
internal sealed class StatusCalls(TargetConnection connection, BatchStatusOptions options)
{
    private const int FailuresOfAnOutage = 3;

    private readonly TargetClient _client = new(connection);
    private readonly CallBudget _budget = CallBudget.For(connection);
    private string? _outage;
    private int _failuresInARow;

    /// <summary>What to tell the user while no call gets through, and it is waited all the same; null otherwise.</summary>
    public string? Outage => Volatile.Read(ref _outage);

    /// <summary>Waits for the turn to make a call.</summary>
    public Task<CallBudget.Turn> TakeTurnAsync(CancellationToken cancellation) => _budget.TakeAsync(isSubmit: false, null, cancellation);

    /// <summary>Asks for a batch, and tells it the answer or why there is none.</summary>
    /// <exception cref="OperationCanceledException">The deadline of the batch is over.</exception>
    public async Task AskAsync(BatchWatch watch, CallBudget.Turn turn)
    {
        try
        {
            var status = await GetStatusAsync(watch.Batch, watch.Deadline).ConfigureAwait(false);
            turn.Passed();
            _failuresInARow = 0;
            Volatile.Write(ref _outage, null);
            watch.Answered(status);
        }
        catch (TargetServiceException e)
        {
            watch.Failed(e);
            if (Interlocked.Increment(ref _failuresInARow) >= FailuresOfAnOutage && e.IsTransient && options.Wait)
                Volatile.Write(ref _outage, $"Target gives no statuses just now, and is asked again until the time to wait is over. {e.Message}");
            if (e.Kind == ServiceFailureKind.Throttled)
                turn.Shut(connection.Options.RetryDelays.For(1, throttled: true, e.RetryAfter));
            else if (e.StatusCode is not null)
                turn.Passed();
        }
    }

    private Task<TargetBatchStatus> GetStatusAsync(FollowedBatch batch, CancellationToken cancellation)
    {
        // With counts alone it can be told whether rows failed.
        var isDetailed = options.Detailed || options.Wait || batch.JournalPath is not null;
        return _client.GetBatchStatusAsync(batch.BatchId, batch.StatusUri, batch.SubmittedAt, isDetailed, cancellation);
    }
}
