using System.Diagnostics;
using TargetProfiles.Sending.Comparing;
using TargetProfiles.Sending.Journal;

namespace TargetProfiles.Sending;

/// <content>The first rows go ahead, since nothing can be undone: the others follow once these have arrived.</content>
public sealed partial class SendRun
{
    /// <summary>Each is kept and fetched.</summary>
    private const int MostCanaryRows = 10_000;

    private bool IsCanary(CoverState cover) => _canary is not null && cover.Record.Batch == Canary.BatchNumber;

    /// <summary>Waits until the first batch has arrived; if it does not, nothing more is sent.</summary>
    private void AwaitCanary()
    {
        if (_canary is null)
            return;
        _canary.IsAwaited = true;
        try
        {
            while (!_queue!.WaitForAll(Patience))
                Tell();
            Tell();
            _canary.IsOver = IsCanaryAccepted() && HasArrived();
        }
        catch (OperationCanceledException) when (_cancelled.IsCancellationRequested)
        {
            // It is told at the end of the run, and the same command waits for it again.
        }
        catch (Exception e) when (e is TargetServiceException or JournalException)
        {
            _queue!.Stop(e);
        }
        finally
        {
            _canary.IsAwaited = false;
        }
    }

    private bool IsCanaryAccepted()
    {
        foreach (var batch in _canary!.Batches)
        {
            if (batch.State == BatchState.Accepted)
                continue;
            if (batch.State == BatchState.Refused)
                throw batch.Failure ?? CanaryRefused(batch);
            return false;
        }

        return CanContinue && _canary.Batches.Count > 0;
    }

    private bool HasArrived()
    {
        var clock = Stopwatch.StartNew();
        var status = AwaitStatus();
        var left = _options.CanaryTimeout - clock.Elapsed;
        var summary = new TargetProfileComparisonSummary(sampleSize: null, seed: null);
        var different = new SortedSet<string>(StringComparer.Ordinal);
        Compare(_canary!.Rows, summary, left > TimeSpan.Zero ? left : TimeSpan.FromTicks(1), TakeNames, Fail);
        _journal?.Add(ComparedRecord.Of(summary, Canary.BatchNumber), flush: true);
        if (!summary.IsMatch)
            throw CanaryNotArrived(summary, different, status);
        _messages.Enqueue(new RunMessage.Detail($"The first rows have arrived, so the others follow. {summary}"));
        return true;

        void TakeNames(TargetProfileComparison compared)
        {
            if (compared.Outcome == ComparisonOutcome.Different)
                different.UnionWith(compared.DifferentAttributes);
        }

        void Fail(ExpectedProfile row, Exception failure)
        {
            // An id that cannot be fetched says nothing about the rest.
            if (failure is not ArgumentException)
                summary.Failed++;
        }
    }

    /// <summary>Waits until the service is done with the batch, where it says so: a stuck one need not be waited for.</summary>
    /// <returns>What there is to say if it is not done in time; else nothing.</returns>
    private string AwaitStatus()
    {
        var late = "";
        using var poller = new BatchStatusPoller(_connection!, new BatchStatusOptions { Wait = true, Timeout = _options.CanaryTimeout });
        using var cancelling = _cancelled.Register(poller.Cancel);
        foreach (var batch in _canary!.Batches)
        {
            if (batch.BatchId is not null)
                poller.Add(batch.BatchId, batch.StatusUri, batch.SubmittedAt);
        }

        poller.Complete(Tell);
        while (poller.TryTake(out var result))
        {
            if (result!.Status?.State == BatchProcessingState.Stuck)
                throw CanaryStuck(result.BatchId);
            // A status may be forgotten, or come late; the profiles tell.
            if (result.Failure is TargetServiceException { Kind: ServiceFailureKind.TimedOut })
                late = $" {result.Failure.Message}";
            else if (result.Failure is { } failure and not TargetServiceException { Kind: ServiceFailureKind.BatchUnknown })
                throw failure;
        }

        return late;
    }

    private TargetServiceException CanaryNotArrived(TargetProfileComparisonSummary summary, IEnumerable<string> different, string status)
    {
        var names = string.Join(", ", different);
        return new TargetServiceException(
            ServiceFailureKind.CanaryNotArrived,
            FormattableString.Invariant($"The first rows did not all arrive within {_options.CanaryTimeout.TotalSeconds:N0} s, so nothing more was sent. {summary}{(names.Length == 0 ? "" : $" Different: {names}.")}{status}"),
            $"Look at these rows with Compare-TargetProfile.{(CanaryVersion == ProfileApiVersion.V1 ? " Version v1 of the API updates only profiles that exist." : "")} Values may take up to a day; -TimeoutSec says how long to wait.");
    }

    private ProfileApiVersion CanaryVersion => _options.ApiVersion ?? _connection!.ApiVersion;

    private static TargetServiceException CanaryStuck(string batchId) => new(
        ServiceFailureKind.CanaryStuck,
        $"Batch {batchId} with the first rows is stuck: Target could not process it. Nothing more was sent.",
        "Send again, with -Restart if there is a journal: that does no harm. If it gets stuck again, give Adobe's customer care the batch id.");

    private static TargetServiceException CanaryRefused(TargetProfileBatch batch) => new(
        ServiceFailureKind.Refused,
        $"The batch with the first rows was refused. {batch.Message} Nothing more was sent.",
        "Change what the message names, then send again, with -Restart if there is a journal.");
}
