using TargetProfiles.Batches;
using TargetProfiles.Profiles;
using TargetProfiles.Rows;

namespace TargetProfiles.Sending.Duplicates;

/// <summary>Sees to it that an id stands in one row of a run only, or that the user knows otherwise.</summary>
internal sealed class DuplicateGuard(DuplicateIdAction? asked, ColumnMap map, CsvOptions csv, bool isJournaled, Func<RowEncoder> newEncoder) : IDisposable
{
    private readonly IdFingerprint _fingerprint = new();
    private readonly SeenIds _sent = new();
    private readonly List<(FileIndex Index, RowMerger Merger)> _indexed = [];
    private readonly List<(long RowsBefore, string? Name)> _sources = [];
    private RowMerger? _merger;
    private IndexedFile? _file;

    /// <summary>The merged row, if a row carries it.</summary>
    public RowEncoder MergedRow => _merger!.Row;

    /// <summary>Why a row that repeats an id does so.</summary>
    public string Text { get; private set; } = "";

    /// <summary>True if the rows of one id are made one where they come from files.</summary>
    public bool MergesFiles => (asked ?? DuplicateIdAction.Merge) == DuplicateIdAction.Merge;

    /// <summary>True if the rows at hand are told apart by those before them, so that none may be passed over.</summary>
    public bool RegistersRows => _merger is null && asked != DuplicateIdAction.Ignore;

    /// <summary>Reads the ids of files.</summary>
    public void Index(IEnumerable<string> paths, ProfileIdType? idType, Action<long> tell, CancellationToken cancellation)
    {
        var index = new FileIndex(_fingerprint, map, csv, isJournaled, cancellation);
        _indexed.Add((index, new RowMerger(index, _fingerprint, map.FieldText, newEncoder, cancellation)));
        index.Add(paths, idType, tell);
        if (!index.HasFiles)
            _indexed.RemoveAt(_indexed.Count - 1);
    }

    /// <summary>Begins the rows of a file that was indexed.</summary>
    /// <returns>The file; null if it was not, or cannot be.</returns>
    public IndexedFile? BeginFile(string path, long rowsBefore)
    {
        foreach (var (index, merger) in _indexed)
        {
            if (index.Take(path) is not IndexedFile file)
                continue;
            BeginSource(file.Name, rowsBefore);
            (_merger, _file) = (merger, file);
            return file;
        }

        return null;
    }

    /// <summary>Begins the rows of a source that is read once.</summary>
    /// <param name="name">What to call it; null for rows of the pipeline.</param>
    /// <param name="rowsBefore">Rows of the run so far.</param>
    public void BeginSource(string? name, long rowsBefore)
    {
        (_merger, _file) = (null, null);
        if (name is not null || _sources.Count == 0 || _sources[_sources.Count - 1].Name is not null)
            _sources.Add((rowsBefore, name));
    }

    /// <exception cref="ArgumentException">Rows that are read once cannot be merged.</exception>
    public void RequireReadableOnce()
    {
        if (asked == DuplicateIdAction.Merge)
            throw new ArgumentException("-DuplicateIdAction Merge needs files, which can be read twice: give them by path. For rows of a pipeline, of standard input or of a named pipe, use Reject, Warn or Ignore.");
    }

    /// <summary>True if rows need no look of their own unless their id asks for it.</summary>
    /// <param name="isAlone">Tells by the id that no other row has it; null if that is so of all rows at hand.</param>
    public bool LeavesRows(out IdQuestion? isAlone)
    {
        isAlone = null;
        if (asked == DuplicateIdAction.Ignore)
            return true;
        if (_merger is null || _sent.Any || _indexed.Count > 1)
            return false;
        isAlone = _merger.IsAlone;
        return true;
    }

    /// <summary>Decides about a row that is sound by itself; may reject it.</summary>
    /// <param name="row">The row.</param>
    /// <param name="number">Its number in the run.</param>
    /// <param name="offset">Where it stands in its file.</param>
    public RowFate FateOf(RowEncoder row, long number, long offset)
    {
        if (asked == DuplicateIdAction.Ignore)
            return RowFate.Alone;
        var type = row.IdColumn!.IdType;
        if (_merger is null)
            return Register(row, _fingerprint.Of(type, row.Id), number);
        // Only where rows of several kinds come in one run.
        if ((_sent.Any || _indexed.Count > 1) && StandsElsewhere(_fingerprint.Of(type, row.Id), isFile: true))
        {
            row.Reject(RowRule.IdDuplicate, row.IdColumn.Name, Text);
            return RowFate.Alone;
        }

        return _merger.FateOf(_file!, offset, row);
    }

    public void Dispose()
    {
        _sent.Dispose();
        foreach (var (index, merger) in _indexed)
        {
            merger.Dispose();
            index.Dispose();
        }
    }

    private RowFate Register(RowEncoder row, ulong print, long number)
    {
        RequireReadableOnce();
        if (!StandsElsewhere(print, isFile: false))
        {
            if (_sent.TryAdd(print, number, out var first))
                return RowFate.Alone;
            Text = In(PlaceOf(first));
        }

        if (asked == DuplicateIdAction.Warn)
            return RowFate.Repeats;
        row.Reject(RowRule.IdDuplicate, row.IdColumn!.Name, Text);
        return RowFate.Alone;
    }

    private bool StandsElsewhere(ulong print, bool isFile)
    {
        if (isFile && _sent.TryFind(print, out var first))
        {
            Text = In(PlaceOf(first));
            return true;
        }

        foreach (var (index, merger) in _indexed)
        {
            if (ReferenceEquals(merger, _merger) || !index.TryFind(print, out var position))
                continue;
            Text = In($"a row of {index.FileAt(position).Name}");
            // Of two sets of files, the one that came first has the id.
            if (isFile && IsLater(merger))
                continue;
            return true;
        }

        return false;
    }

    private bool IsLater(RowMerger other) =>
        _indexed.FindIndex(indexed => ReferenceEquals(indexed.Merger, other)) > _indexed.FindIndex(indexed => ReferenceEquals(indexed.Merger, _merger));

    private string PlaceOf(long number)
    {
        var source = _sources.FindLastIndex(candidate => candidate.RowsBefore < number);
        var (rowsBefore, name) = _sources[source];
        var row = name is null ? number : number - rowsBefore;
        if (source == _sources.Count - 1)
            return FormattableString.Invariant($"row {row:N0}");
        return name is null ? FormattableString.Invariant($"row {row:N0} of the pipeline") : FormattableString.Invariant($"row {row:N0} of {name}");
    }

    private static string In(string place) => RowRule.IdDuplicate.Requirement.Replace("an earlier row", place);
}
