using TargetProfiles.Batches;
using TargetProfiles.Files;
using TargetProfiles.Profiles;
using TargetProfiles.Rows;
using TargetProfiles.Sending.Duplicates;
using TargetProfiles.Sending.Journal;

namespace TargetProfiles.Sending;

/// <summary>
/// Rows of refused, failed and stuck batches, as they stand in their source files, in a file to be sent again. Where rows of
/// one id were merged, all of them: the file then merges to what was sent.
/// </summary>
public sealed class FailedRows
{
    private FailedRows(IReadOnlyList<FailedBatch> batches, IReadOnlyList<string> paths, long rows, RunCommand? sendAgain)
    {
        Batches = batches.Select(batch => batch.Cover.Record.Batch).Distinct().Count();
        Paths = paths;
        Rows = rows;
        SendAgain = sendAgain;
    }

    /// <summary>Batches that the rows are of.</summary>
    public int Batches { get; }

    /// <summary>The files; none if there was nothing to write, several if source files differ in their columns.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>Rows written.</summary>
    public long Rows { get; }

    /// <summary>Sends the files as the run would; null if there are none.</summary>
    public RunCommand? SendAgain { get; }

    /// <inheritdoc/>
    public override string ToString() => Rows == 0
        ? "There are no refused, failed or stuck batches, so no rows were written to be sent again."
        : $"{CountText.Of(Rows, "row")} of {CountText.Of(Batches, "refused, failed or stuck batch")} {(Rows == 1 ? "stands" : "stand")} in {string.Join(" and ", Paths)}. Send {(Rows == 1 ? "it" : "them")} again:";

    /// <summary>Writes the rows of a journal's batches that did not get through.</summary>
    /// <param name="journalPath">The journal.</param>
    /// <param name="statuses">Statuses that were just asked for; they may list the ids of rows that failed, which the journal does not.</param>
    /// <param name="path">The file. One that exists is not written to; the next free name is taken.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="JournalException">The journal cannot be read, or a source has changed, or is no file.</exception>
    /// <exception cref="CsvFormatException">A source file cannot be read.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read or written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static FailedRows Write(string journalPath, IEnumerable<TargetBatchStatus> statuses, string path, CancellationToken cancellation)
    {
        var journal = JournalFile.Read(journalPath);
        var told = new Dictionary<string, TargetBatchStatus>(StringComparer.Ordinal);
        foreach (var status in statuses ?? throw new ArgumentNullException(nameof(statuses)))
            told[status.BatchId] = status;
        List<FailedBatch> batches = [.. FailedBatch.Of(journal, told)];
        if (batches.Count == 0)
            return new FailedRows(batches, [], 0, null);
        using var file = new RejectedRowFile(path, FileStore.Disk, (_, _) => { });
        using var copy = new Copy(journalPath, journal, batches, file, cancellation);
        try
        {
            copy.Run();
            file.Flush();
        }
        catch
        {
            // What was written may be too little.
            file.Dispose();
            foreach (var written in file.Written)
                File.Delete(written);
            throw;
        }

        return new FailedRows(batches, file.Written, copy.Rows, copy.Rows == 0 ? null : RunCommand.Send(journal.Run!.Settings, file.Written, copy.Delimiters));
    }

    /// <summary>Goes through the sources as the run did.</summary>
    private sealed class Copy : IDisposable
    {
        private readonly string _journalPath;
        private readonly JournalContent _journal;
        private readonly Dictionary<CoverState, FailedCover> _wanted;
        private readonly RejectedRowFile _file;
        private readonly CancellationToken _cancellation;
        private readonly IReadOnlyDictionary<string, string> _settings;
        private readonly ColumnMap _columns;
        private readonly BatchBuilder _builder;
        private readonly RowEncoder _encoder;
        private readonly IdFingerprint _fingerprint = new();
        private readonly SeenIds _seen = new();
        private readonly Dictionary<ulong, (FailedCover Cover, int Place)> _mergedIds = [];
        private readonly bool _isMerged;
        private readonly bool _isOncePerId;

        public Copy(string journalPath, JournalContent journal, IEnumerable<FailedBatch> batches, RejectedRowFile file, CancellationToken cancellation)
        {
            _journalPath = journalPath;
            _journal = journal;
            _file = file;
            _cancellation = cancellation;
            _settings = journal.Run!.Settings;
            // Each half of a batch has an outcome of its own.
            _wanted = batches.GroupBy(batch => batch.Cover).ToDictionary(cover => cover.Key, cover => new FailedCover(cover.Key, [.. cover]));
            _columns = new ColumnMap(RunSettings.Mapping(_settings), _ => { });
            _builder = new BatchBuilder(new BatchLimits(bytes: RunSettings.MaxBatchBytes(_settings)), _columns.AttributeNames);
            _encoder = new RowEncoder(_columns, _builder);
            _isMerged = journal.Sources.Exists(source => source.Whole.Length > 0);
            _isOncePerId = _isMerged || RunSettings.DuplicateIds(_settings) is null or DuplicateIdAction.Reject;
        }

        public long Rows { get; private set; }

        /// <summary>What stands between the fields of the files; a <c>sep=</c> line of a source is not among what they hold.</summary>
        public HashSet<char> Delimiters { get; } = [];

        public void Run()
        {
            foreach (var source in _journal.Sources)
                RequireFile(source);
            foreach (var source in _journal.Sources)
            {
                if (source.Kind == SourceRecord.Csv && (_isOncePerId || IsWanted(source)))
                    VisitRanges(source);
            }

            foreach (var cover in _wanted.Values)
            {
                if (cover.Found < cover.Record.Rows)
                    throw Changed($"the rows of batch {cover.Record.Batch} cannot be told from the others any more. Send the whole source again with -Restart.");
            }

            if (!_isMerged)
                return;
            foreach (var source in _journal.Sources)
                WriteMerged(source);
        }

        public void Dispose()
        {
            _builder.Dispose();
            _seen.Dispose();
        }

        private bool IsWanted(SourceRecord source) => _journal.RangesOf(source.Source).Any(recorded => _wanted.ContainsKey(recorded.Cover));

        private void RequireFile(SourceRecord source)
        {
            if (source is { Kind: SourceRecord.Csv, Path: not null } || !IsWanted(source))
                return;
            throw new JournalException(JournalFault.NoSourceFile, $"The journal '{_journalPath}': " + (source switch
            {
                { Kind: SourceRecord.BatchFile } => $"the rows stand in the finished batch file {source.Name}. Send that file again: -BatchPath '{source.Path ?? source.Name}'.",
                { Kind: SourceRecord.Rows } => "the rows came down a pipeline, which cannot be read again. Send the rows again from where they came, with -Restart; values that arrived are only written again.",
                _ => $"it does not say which file {source.Name} is, or it was none, so its rows cannot be read again. Send them again with -Restart; values that arrived are only written again.",
            }));
        }

        /// <summary>Finds the rows of the batches, and makes sure that the source is as it was.</summary>
        private void VisitRanges(SourceRecord source)
        {
            using var reader = Open(source);
            var columns = Columns(reader, source);
            if (reader.MarkEnd().Sha256 != source.HeaderSha256)
                throw Changed($"the header of {source.Path} is not as it was.");
            foreach (var (cover, range) in _journal.RangesOf(source.Source))
            {
                _wanted.TryGetValue(cover, out var wanted);
                while ((wanted is not null || _isOncePerId) && reader.RowNumber < range.LastRow && reader.Read())
                    Visit(reader, columns, wanted);
                if (reader.SkipTo(range.EndMark) is not string sha256 || (source.Sha256.Length == 0 && sha256 != range.Sha256))
                    throw Changed(FormattableString.Invariant($"rows {range.FirstRow:N0} to {range.LastRow:N0} of {source.Path} are not as they were."));
            }
        }

        private void Visit(CsvReader reader, Column[] columns, FailedCover? cover)
        {
            if (!IsSound(reader, columns, out var print) || (_isOncePerId && !_seen.TryAdd(print, 0, out _)) || cover is null)
                return;
            cover.Found++;
            if (_isMerged)
                _mergedIds[print] = (cover, cover.Found);
            else
                Write(reader, cover, cover.Found, print);
        }

        /// <summary>Writes all rows of the ids that were found.</summary>
        private void WriteMerged(SourceRecord source)
        {
            if (source.Kind != SourceRecord.Csv || source.Path is null)
                return;
            using var reader = Open(source);
            var columns = Columns(reader, source);
            while (reader.Read())
            {
                if (IsSound(reader, columns, out var print) && _mergedIds.TryGetValue(print, out var found))
                    Write(reader, found.Cover, found.Place, print);
            }

            if (source.Sha256.Length > 0 && reader.MarkEnd().Sha256 != source.Sha256)
                throw Changed($"{source.Path} is not as it was.");
        }

        private CsvReader Open(SourceRecord source) =>
            new(new InterruptibleStream(() => SourceFile.Open(source.Path!), _cancellation), source.Name, RunSettings.Csv(_settings), isMarked: true);

        private Column[] Columns(CsvReader reader, SourceRecord source)
        {
            var columns = CsvColumns.Of(reader.Header, _columns, source.Name);
            _encoder.KeyBy(Array.Find(columns, column => column.Role == ColumnRole.Id)?.IdType);
            return columns;
        }

        private bool IsSound(CsvReader reader, Column[] columns, out ulong print)
        {
            print = 0;
            if (reader.Fault is not null)
                return false;
            _encoder.Begin();
            _encoder.AddRecord(reader, columns);
            if (_encoder.Judge() != RowResult.Added)
                return false;
            print = _fingerprint.Of(_encoder.IdColumn!.IdType, _encoder.Id);
            return true;
        }

        private void Write(CsvReader reader, FailedCover cover, int place, ulong print)
        {
            if (cover.BatchOf(place, print, _encoder.IdColumn!.IdType, _fingerprint) is not { } batch)
                return;
            Rows++;
            Delimiters.Add(reader.Delimiter);
            _file.WriteRecord(reader.HeaderText, reader.RawRecord, reader.Delimiter, reader.MissingFields, reader.RowNumber, batch.Reason);
        }

        private JournalException Changed(string difference) => new(
            JournalFault.OtherSource, $"The journal '{_journalPath}' belongs to another source: {difference} Nothing was written. Give the source as it was.");
    }
}
