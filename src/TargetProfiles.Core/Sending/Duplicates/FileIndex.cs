using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using System.Text;
using TargetProfiles.Profiles;
using TargetProfiles.Rows;
using TargetProfiles.Sending.Journal;

namespace TargetProfiles.Sending.Duplicates;

/// <summary>Files that were read once for their ids alone: which ids come again, and where their rows stand.</summary>
/// <param name="fingerprint">Tells ids apart.</param>
/// <param name="map">What columns become.</param>
/// <param name="csv">How the files are read.</param>
/// <param name="isHashed">True if <see cref="IndexedFile.Known"/> is wanted.</param>
/// <param name="cancellation">Ends reading at once.</param>
internal sealed class FileIndex(IdFingerprint fingerprint, ColumnMap map, CsvOptions csv, bool isHashed, CancellationToken cancellation) : IDisposable
{
    private const int RowsBetweenTells = 4096;

    private readonly List<IndexedFile> _files = [];
    private readonly RepeatedIds _repeated = new();
    private readonly PartedIds _ids = new(cancellation);
    private SeenIds? _seen;
    private TranscodedTexts? _texts;
    private long _length;
    private bool _hasFailed;

    /// <summary>True if there is a file in it.</summary>
    public bool HasFiles => _files.Count > 0;

    /// <summary>What the ids are; rows with other ids are no part of the index. Null if there is no row.</summary>
    public ProfileIdType? IdType { get; private set; }

    /// <summary>
    /// Reads the ids of files, in order. One that cannot be read is the last one, and told when its rows are due, so that
    /// those before it are sent.
    /// </summary>
    /// <param name="paths">The files.</param>
    /// <param name="idType">What the run is keyed by, if it is known.</param>
    /// <param name="tell">Called now and then with the bytes read.</param>
    public void Add(IEnumerable<string> paths, ProfileIdType? idType, Action<long> tell)
    {
        IdType = idType;
        var before = 0L;
        foreach (var path in paths)
        {
            if (_hasFailed)
                break;
            if (!Interruptible.Run(() => SourceFile.CanBeReadTwice(path), cancellation))
                continue;
            var file = Begin(path);
            if (file is null)
                break;
            Read(file, bytes => tell(before + bytes));
            before += file.Length;
        }

        _ids.FindRepeated(_repeated);
        _repeated.Complete();
        if (isHashed)
            HashTogether();
    }

    /// <summary>Tells where an id stands first, if it does.</summary>
    public bool TryFind(ulong id, out long position)
    {
        if (_seen is null)
        {
            _seen = new SeenIds();
            _ids.AddTo(_seen);
            _ids.Dispose();
        }

        return _seen.TryFind(id, out position);
    }

    /// <summary>The file of that path that is due next, or null if it is not indexed.</summary>
    public IndexedFile? Take(string path)
    {
        var file = _files.Find(candidate => !candidate.IsTaken && candidate.Path == path);
        if (file is not null)
            file.IsTaken = true;
        return file;
    }

    /// <summary>True if any id may stand in several rows.</summary>
    public bool HasRepeated => _repeated.Any;

    /// <summary>True if an id may stand in several rows.</summary>
    public bool IsRepeated(ulong id) => _repeated.Contains(id);

    /// <summary>The places of all rows with an id, in order.</summary>
    public void FindRows(ulong id, List<long> positions)
    {
        _repeated.Find(id, positions);
        positions.RemoveAll(position => position >= _length);
    }

    /// <summary>The file of a place.</summary>
    public IndexedFile FileAt(long position)
    {
        var (low, high) = (0, _files.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_files[middle].Start <= position)
                low = middle;
            else
                high = middle - 1;
        }

        return _files[low];
    }

    public void Dispose()
    {
        _ids.Dispose();
        _seen?.Dispose();
        _repeated.Dispose();
        _texts?.Dispose();
    }

    private IndexedFile? Begin(string path)
    {
        IndexedFile file;
        try
        {
            file = Interruptible.Run(() => new IndexedFile(path, _length, csv), cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Opening it again will tell.
            _hasFailed = true;
            return null;
        }

        _files.Add(file);
        try
        {
            using var raw = new InterruptibleStream(() => SourceFile.Open(path), cancellation);
            var (text, markLength, isTranscoded) = CsvText.Open(raw, csv.Encoding, file.Name);
            file.Locate(markLength, isTranscoded ? _texts ??= new TranscodedTexts() : null, isTranscoded ? _texts!.Add(text, cancellation) : 0);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Fail(file, e);
        }

        return file;
    }

    [MethodImpl(Bits.Optimized)]
    private void Read(IndexedFile file, Action<long> tell)
    {
        if (file.Failure is not null)
            return;
        using var reader = TryOpen(file);
        if (reader is null)
            return;
        var idColumn = Array.FindIndex(file.Columns, column => column.Role == ColumnRole.Id);
        reader.OnlyLooksAtFields();
        var untilTell = RowsBetweenTells;
        while (true)
        {
            var rows = NotePlainRows(reader, file.Columns, idColumn, untilTell);
            if (rows == 0)
            {
                if (!TryRead(reader, file))
                    break;
                rows = 1;
                if (reader.Fault is null && idColumn < reader.FieldCount)
                    Note(file.Columns[idColumn], reader.Field(idColumn), _length + reader.RecordOffset);
            }

            untilTell -= rows;
            if (untilTell > 0)
                continue;
            untilTell = RowsBetweenTells;
            cancellation.ThrowIfCancellationRequested();
            tell(reader.TextLength);
        }

        if (file.Failure is not null)
            return;
        file.Complete(reader, IdType, isHashed ? reader.MarkEnd().Sha256 : null);
        _length += reader.TextLength + 1;
    }

    /// <summary>Notes the ids of records that separators alone split.</summary>
    /// <returns>How many; 0 if the next record is another one.</returns>
    [MethodImpl(Bits.Optimized)]
    private int NotePlainRows(CsvReader reader, Column[] columns, int field, int atMost)
    {
        if (reader.NextRows() is not PlainRows rows)
            return 0;
        while (rows.Taken < atMost && rows.TryNext())
        {
            Note(columns[field], rows.Field(field), _length + reader.OffsetOf(rows));
            rows.Take();
        }

        reader.Pass(rows);
        return rows.Taken;
    }

    private CsvReader? TryOpen(IndexedFile file)
    {
        CsvReader? reader = null;
        try
        {
            reader = new CsvReader(new InterruptibleStream(file.OpenWhole, cancellation), file.Name, file.Csv, isMarked: isHashed);
            file.Columns = CsvColumns.Of(reader.Header, map, file.Name);
            return reader;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            reader?.Dispose();
            Fail(file, e);
            return null;
        }
    }

    // What the index itself cannot write ends the run; what the file does not give ends the file.
    private bool TryRead(CsvReader reader, IndexedFile file)
    {
        try
        {
            return reader.Read();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Fail(file, e);
            return false;
        }
    }

    [MethodImpl(Bits.Optimized)]
    private void Note(Column column, ReadOnlySpan<byte> field, long position)
    {
        IdType ??= column.IdType;
        var id = map.FieldText.Of(column, field);
        if (column.IdType != IdType || Utf8Text.IsBlank(id))
            return;
        _ids.Add(fingerprint.Of(column.IdType, id), position);
    }

    // What is sent for a row may come from any of the files.
    private void HashTogether()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in _files)
            hash.AppendData(Encoding.ASCII.GetBytes(file.TextSha256 ?? ""));
        var all = Hex.Of(hash.GetHashAndReset());
        foreach (var file in _files)
            file.Known = file.TextSha256 is null ? null : new KnownText(file.TextSha256, all);
    }

    private void Fail(IndexedFile file, Exception reason)
    {
        file.Failure = ExceptionDispatchInfo.Capture(reason);
        _hasFailed = true;
    }
}
