using TargetProfiles.Batches;
using TargetProfiles.Rows;

namespace TargetProfiles.Sending.Journal;

/// <summary>
/// Follows a run through its sources: recognises the rows that an earlier command of the same journal had covered, and
/// records what is new.
/// </summary>
internal sealed class RunRecorder
{
    private readonly RunJournal _journal;
    private readonly RejectedRowFile? _rejects;
    private readonly Func<RowCounts> _counts;
    private readonly CoverBuilder _covers = new();
    private readonly Queue<(CoverState Cover, CoveredRange Range)> _recorded = new();
    private readonly HashSet<CoverState> _seen = [];
    private readonly List<SourceEndRecord> _ends = [];
    private IMarkedSource? _current;
    private string _name = "";
    private int _source;
    private long _endedAt = long.MaxValue;
    private bool _isBroken;

    public RunRecorder(RunJournal journal, RejectedRowFile? rejects, Func<RowCounts> counts)
    {
        _journal = journal;
        _rejects = rejects;
        _counts = counts;
    }

    /// <summary>True while the rows to come are those that an earlier command had covered.</summary>
    public bool IsRepeating => _recorded.Count > 0;

    /// <summary>The rows that come next, and what is known of their batch.</summary>
    public (CoverState Cover, CoveredRange Range) Recorded => _recorded.Peek();

    /// <summary>Batches of earlier commands that have no final outcome, and whose rows did not come again.</summary>
    public IEnumerable<CoverState> Missed => _journal.Earlier.Covers.Where(cover => !cover.IsSettled && !_seen.Contains(cover));

    /// <summary>What to say if sources are over and rows of earlier commands did not come again; null if all did.</summary>
    public JournalException? Unseen => _journal.Earlier.Sources.Count > _source
        ? _journal.OtherSource($"{_journal.Earlier.Sources[_source].Name} is not there any more.")
        : null;

    /// <summary>Begins a source.</summary>
    /// <param name="kind">See <see cref="SourceRecord"/>.</param>
    /// <param name="name">What to call it.</param>
    /// <param name="source">Tells where its rows end.</param>
    /// <param name="known">What is known of its text; null if it is read for the first time.</param>
    /// <param name="path">The file; null for what is none.</param>
    /// <exception cref="JournalException">It is not the source that was recorded.</exception>
    public void BeginSource(string kind, string name, IMarkedSource source, KnownText? known, string? path)
    {
        _current = source;
        _name = name;
        _source++;
        var start = source.MarkEnd();
        var record = new SourceRecord(_source, kind, name, start.Position, start.Sha256, known?.Sha256 ?? "", known?.Whole ?? "", path is null ? null : Path.GetFullPath(path));
        var recorded = _journal.Earlier.Sources.Find(candidate => candidate.Source == _source);
        if (recorded is not null)
            Recognise(recorded, record);
        else
            _journal.Add(record, flush: false);
        KnowsText = (recorded ?? record).Sha256.Length > 0;
        _endedAt = _journal.Earlier.SourceEnds.TryGetValue(_source, out var rows) ? rows : long.MaxValue;
        foreach (var range in _journal.Earlier.RangesOf(_source))
            _recorded.Enqueue(range);
        _covers.Begin(_source, start, _counts());
    }

    /// <summary>True if the journal tells what the whole text of the source is, so that its ranges need no hashes of their own.</summary>
    public bool KnowsText { get; private set; }

    /// <summary>True if the source was read to its end before, so that <see cref="RequireRow"/> may refuse a row.</summary>
    public bool KnowsEnd => _endedAt != long.MaxValue;

    /// <summary>Refuses a row behind the last one that the source had when it was read to its end.</summary>
    /// <param name="row">Number of the row in its source.</param>
    /// <exception cref="JournalException">It had fewer rows.</exception>
    public void RequireRow(long row)
    {
        if (row > _endedAt)
            throw _journal.OtherSource($"{_name} had {CountText.Of(_endedAt, "row")} and has more.");
    }

    /// <summary>The rows of <see cref="Recorded"/> have come again.</summary>
    /// <param name="sha256">Their hash; null if the source ended before.</param>
    /// <param name="isLast">True if they were the last ones of their batch.</param>
    /// <exception cref="JournalException">They are other rows.</exception>
    public CoverState EndRecorded(string? sha256, out bool isLast)
    {
        var (cover, range) = _recorded.Dequeue();
        if (sha256 != range.Sha256)
        {
            throw _journal.OtherSource(FormattableString.Invariant(
                $"{_name}: rows {range.FirstRow:N0} to {range.LastRow:N0} {(sha256 is null ? "are not all there any more" : "are not as they were")}."));
        }

        isLast = ReferenceEquals(range, cover.Record.Ranges[cover.Record.Ranges.Count - 1]);
        if (isLast)
            _seen.Add(cover);
        if (_recorded.Count == 0)
            _covers.Begin(_source, range.EndMark, _counts());
        return cover;
    }

    /// <summary>Makes sure that a batch made again is the one that was recorded.</summary>
    /// <exception cref="JournalException">It is another one.</exception>
    public void Recognise(CoverState cover, SealedBatch? batch)
    {
        if (batch?.RowCount == cover.Record.Rows && (cover.Sha256 is null || cover.Sha256 == batch.Sha256) && batch.Number == cover.Record.Batch)
            return;
        batch?.Dispose();
        // Its rows are still to be accounted for.
        _seen.Remove(cover);
        throw _journal.OtherSource(FormattableString.Invariant(
            $"{_name}: the rows of batch {cover.Record.Batch} do not make the same batch any more."));
    }

    /// <summary>True as long as all covers so far, which wait to be written, are those of the run that was completed before.</summary>
    /// <param name="isEnd">True if there are no further ones.</param>
    public bool IsAsCompleted(bool isEnd)
    {
        var completed = _journal.Completed!;
        var sources = _journal.Pending.OfType<SourceRecord>().ToList();
        var covers = _journal.Pending.OfType<CoverRecord>().ToList();
        if (sources.Count > completed.Sources.Count || covers.Count > completed.Covers.Count)
            return false;
        if (isEnd && (sources.Count < completed.Sources.Count || covers.Count < completed.Covers.Count))
            return false;
        return sources.Zip(completed.Sources, (now, before) => now.IsAs(before)).All(isSame => isSame)
            && covers.Zip(completed.Covers, (now, before) => now.IsAs(before.Record)).All(isSame => isSame);
    }

    /// <summary>The source was read to its end.</summary>
    /// <exception cref="JournalException">It had ended elsewhere before.</exception>
    public void EndSource()
    {
        if (_current is null)
            return;
        if (_recorded.Count > 0)
            throw _journal.OtherSource($"{_name} has fewer rows than before.");
        var end = _current.MarkEnd();
        _current = null;
        _covers.EndSource(end);
        if (_endedAt == long.MaxValue)
            _ends.Add(new SourceEndRecord(_source, end.Rows, end.Position));
        else if (end.Rows < _endedAt)
            throw _journal.OtherSource(FormattableString.Invariant($"{_name} had {CountText.Of(_endedAt, "row")} and has {end.Rows:N0}."));
    }

    /// <summary>From here on nothing is covered: it is not certain where the rows at hand end in their source.</summary>
    public void Break() => _isBroken = true;

    /// <summary>True if rows that are sent now can be found again.</summary>
    public bool CanCover => !_isBroken;

    /// <summary>Records the rows of a batch, before it leaves.</summary>
    /// <param name="batch">The batch; null for rows that are in none.</param>
    /// <param name="beforeRow">True if the row that was read last belongs to the next batch.</param>
    /// <exception cref="JournalException">It could not be recorded.</exception>
    /// <exception cref="IOException">The rejected rows could not be written.</exception>
    public void Cover(SealedBatch? batch, bool beforeRow)
    {
        var mark = beforeRow ? _current?.MarkBeforeRow() : _current?.MarkEnd();
        var counts = _counts();
        if (beforeRow)
            counts = counts with { Read = counts.Read - 1 };
        _journal.Add(_covers.Cut(batch, mark, counts, _rejects?.TakeRanges() ?? []), flush: false);
        FlushEnds();
    }

    /// <summary>Records rows that are in no batch, at the end.</summary>
    public void CoverRest()
    {
        if (_covers.HasRows(_counts()))
            Cover(null, beforeRow: false);
    }

    /// <summary>Records that the run ended in order.</summary>
    /// <param name="isComplete">Every source was read to its end, and every batch has a final outcome.</param>
    /// <exception cref="JournalException">It could not be recorded.</exception>
    public void End(bool isComplete)
    {
        if (isComplete)
            CoverRest();
        FlushEnds();
        _journal.Add(new EndRecord(DateTime.UtcNow, isComplete, _counts().Read), flush: true);
    }

    private void FlushEnds()
    {
        foreach (var end in _ends)
            _journal.Add(end, flush: false);
        _ends.Clear();
    }

    private void Recognise(SourceRecord known, SourceRecord now)
    {
        if (known.Kind != now.Kind)
            throw _journal.OtherSource($"{known.Name} was another kind of source than {now.Name}.");
        if (known.HeaderSha256 != now.HeaderSha256)
            throw _journal.OtherSource($"the header of {now.Name} is not the one of {known.Name}.");
        if (known.Whole != now.Whole)
            throw _journal.OtherSource($"{now.Name} is not as it was, and rows of the same id are merged over the whole file.");
    }
}
