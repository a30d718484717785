using TargetProfiles.Sending.Comparing;
using TargetProfiles.Sending.Duplicates;

namespace TargetProfiles.Sending;

/// <content>What was sent is held against what arrived.</content>
public sealed partial class SendRun
{
    private const int FetchesAtATime = 4;

    private bool LooksAtPacked => _sample is not null || _canary is { IsOpen: true } || _options.OnPacked is not null;

    /// <summary>Fetches the profiles of the sample that <see cref="SendOptions.SampleSize"/> asked for, once.</summary>
    /// <param name="onCompared">Gets each row with its outcome.</param>
    /// <exception cref="TargetServiceException">No profile can be fetched.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public TargetProfileComparisonSummary CompareSample(Action<TargetProfileComparison> onCompared)
    {
        var summary = new TargetProfileComparisonSummary(_options.SampleSize, SampleSeed) { Read = Accounting.Read };
        Compare(_sample?.Rows ?? [], summary, TimeSpan.Zero, onCompared, (_, _) => summary.Failed++);
        return summary;
    }

    private void Compare(IEnumerable<ExpectedProfile> rows, TargetProfileComparisonSummary summary, TimeSpan timeout, Action<TargetProfileComparison> onCompared, Action<ExpectedProfile, Exception> onFailed)
    {
        using var comparer = new ProfileComparer(_connection!, FetchesAtATime, timeout, Count, onFailed, Tell, _cancelled);
        foreach (var row in rows)
            comparer.Add(row);
        comparer.Complete();

        void Count(TargetProfileComparison comparison)
        {
            summary.Count(comparison.Outcome);
            onCompared(comparison);
        }
    }

    /// <summary>Looks at a row that was put into a batch, before the next one is read.</summary>
    private void TakePacked(RowFate fate, string? source, long rowNumber)
    {
        _sample?.Consider(Read);
        _canary?.Take(Read);
        _options.OnPacked?.Invoke(Read);

        ExpectedProfile Read() => ExpectedProfile.Of(Packed(fate), _columns.AttributeNames, source, rowNumber);
    }
}
