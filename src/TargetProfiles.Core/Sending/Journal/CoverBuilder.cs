using TargetProfiles.Batches;
using TargetProfiles.Profiles;
using TargetProfiles.Rows;

namespace TargetProfiles.Sending.Journal;

/// <summary>Collects where the rows stand that no cover holds yet.</summary>
internal sealed class CoverBuilder
{
    private readonly List<CoveredRange> _ranges = [];
    private SourceMark _start;
    private int _source;
    private RowCounts _counted = new(0, 0, 0, 0, []);

    /// <summary>What lies before belongs to earlier covers, or to no row.</summary>
    /// <param name="source">Number of the source.</param>
    /// <param name="start">Where in it the next cover begins.</param>
    /// <param name="counted">Counts up to there.</param>
    public void Begin(int source, SourceMark start, RowCounts counted)
    {
        _source = source;
        _start = start;
        if (_ranges.Count == 0)
            _counted = counted;
    }

    /// <summary>True if there are rows in no cover.</summary>
    public bool HasRows(RowCounts counts) => counts.Read > _counted.Read || _ranges.Count > 0;

    /// <summary>The source ends here; the batch may go on with another one.</summary>
    public void EndSource(SourceMark end) => AddRange(end);

    /// <summary>Makes a cover of everything up to here.</summary>
    /// <param name="batch">The batch that holds its rows; null if it has none.</param>
    /// <param name="end">Where it ends; null after the end of a source.</param>
    /// <param name="counts">Counts up to there.</param>
    /// <param name="rejects">Where its rejected rows were written.</param>
    public CoverRecord Cut(SealedBatch? batch, SourceMark? end, RowCounts counts, IReadOnlyList<RejectedRange> rejects)
    {
        if (end is { } mark)
        {
            AddRange(mark);
            _start = mark;
        }

        var cover = new CoverRecord(
            batch?.Number ?? 0, batch?.RowCount ?? 0, batch?.Length ?? 0, batch?.FirstRow ?? 0, batch?.LastRow ?? 0,
            counts.Read - _counted.Read, counts.Rejected - _counted.Rejected, counts.Empty - _counted.Empty, counts.Merged - _counted.Merged,
            [.. _ranges], rejects)
        {
            RejectedByRule = [.. RowRule.All.Select(rule => (rule.Id, counts.ByRule[rule.Index] - _counted.ByRule.ElementAtOrDefault(rule.Index))).Where(count => count.Item2 > 0)],
        };
        _ranges.Clear();
        _counted = counts;
        return cover;
    }

    private void AddRange(SourceMark end)
    {
        if (end.Rows > _start.Rows || end.Position > _start.Position)
            _ranges.Add(new CoveredRange(_source, _start.Rows + 1, end.Rows, _start.Position, end.Position, end.NextLine, end.SuspectUntil, end.Sha256));
    }
}
