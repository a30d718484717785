using TargetProfiles.Cli.Commands;
using TargetProfiles.Sending;

namespace TargetProfiles.Cli.Output;

/// <summary>Takes the statuses of batches as they come, and tells what is not as it should be.</summary>
internal sealed class StatusWatch(BatchStatusPoller poller, RunDisplay display, Lines lines)
{
    private readonly List<BatchStatusResult> _results = [];
    private bool _isOutageTold;
    private int _expired;

    /// <summary>In the order in which they became known.</summary>
    public IReadOnlyList<BatchStatusResult> Results => _results;

    public IEnumerable<TargetBatchStatus> Statuses => _results.Select(result => result.Status).OfType<TargetBatchStatus>();

    /// <summary>True if every batch got through, as far as can be known, and no more rows are lost than may be.</summary>
    public bool IsSuccess => _results.TrueForAll(result => result.IsSuccess) && !poller.Loss.IsAboveMaximum;

    /// <summary>Takes what is there.</summary>
    public void Take()
    {
        if (poller.Outage is string outage && !_isOutageTold)
            lines.Warning(Names.Respelled(outage));
        _isOutageTold = poller.Outage is not null;
        while (poller.TryTake(out var result))
        {
            _results.Add(result!);
            Tell(result!);
            if (result!.Status?.State == BatchProcessingState.Expired)
                _expired++;
        }
    }

    /// <summary>Waits for every batch.</summary>
    /// <exception cref="OperationCanceledException">The poller was cancelled.</exception>
    public void Complete()
    {
        poller.Complete(() =>
        {
            Take();
            display.ShowWaiting(_results.Count, _results.Count + poller.OpenCount);
        });
        if (_expired > 0)
            lines.Warning(StatusText.OfExpired(_expired));
        if (poller.JournalFailure is string failure)
            lines.Warning(Names.Respelled(failure));
        var loss = Names.Respelled(poller.Loss.ToString());
        if (poller.Loss.IsAboveMaximum)
            lines.Error($"{loss} Send the source again, with --restart if it has a journal, or fetch some profiles to see whether they arrived.");
        else if (poller.Loss.Lost > 0)
            lines.Note(loss);
    }

    private void Tell(BatchStatusResult result)
    {
        if (result.Failure is not null)
            lines.Error(Failures.Text(result.Failure));
        else if (result.Status is { State: BatchProcessingState.Stuck or BatchProcessingState.CompleteWithFailures } failed)
            lines.Error(StatusText.Of(failed));
    }
}
