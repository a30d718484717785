using System.Runtime.CompilerServices;
using TargetProfiles.Batches;
using TargetProfiles.Profiles;
using TargetProfiles.Rows;
using TargetProfiles.Sending.Duplicates;
using TargetProfiles.Sending.Journal;

namespace TargetProfiles.Sending;

/// <content>Rows come in: from files, text, and one by one.</content>
public sealed partial class SendRun
{
    private long _row;
    private bool _readsRows;

    /// <summary>
    /// Takes note of all CSV files of a command before the first is added: rows of one id become one, in whichever file they
    /// stand, and files that were sent to the end before are recognised. What is wrong with a file is told when it is added.
    /// </summary>
    /// <exception cref="IOException">There is no room for what does not fit into memory.</exception>
    /// <exception cref="JournalException">The journal cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public void BeginFiles(IReadOnlyList<string> paths)
    {
        if (paths is null)
            throw new ArgumentNullException(nameof(paths));
        if (paths.Count == 0 || !CanContinue)
            return;
        RecogniseFiles(paths);
        if (SentBefore is not null || !_duplicates.MergesFiles)
            return;
        var before = SourceBytesRead;
        _isIndexing = true;
        try
        {
            _duplicates.Index(paths, _encoder.IdType, TellIndexing, _cancelled);
        }
        finally
        {
            _isIndexing = false;
            SourceBytesRead = before;
        }

        void TellIndexing(long bytes)
        {
            SourceBytesRead = bytes;
            Tell();
        }
    }

    /// <summary>Adds the rows of CSV files, as <see cref="BeginFiles"/> and then <see cref="AddFile"/> for each would.</summary>
    /// <exception cref="CsvFormatException">A file as a whole cannot be read.</exception>
    /// <exception cref="IOException">A file cannot be opened or read, or has changed meanwhile.</exception>
    /// <exception cref="InvalidDataException">The text is damaged throughout: the encoding is wrong.</exception>
    /// <exception cref="JournalException">The files are not those of the run that the journal belongs to.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public void AddFiles(IReadOnlyList<string> paths)
    {
        BeginFiles(paths);
        foreach (var path in paths)
        {
            if (CanContinue)
                AddFile(path);
        }
    }

    /// <summary>Adds the rows of a CSV file. Its rows are merged with those of the files that were begun together with it.</summary>
    /// <exception cref="CsvFormatException">The file as a whole cannot be read.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    /// <exception cref="InvalidDataException">The text is damaged throughout: the encoding is wrong.</exception>
    /// <exception cref="JournalException">The file is not that of the run that the journal belongs to.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public void AddFile(string path)
    {
        RecogniseFiles([path]);
        if (SentBefore is not null)
            return;
        var file = _duplicates.BeginFile(path, _row);
        if (file is null && _duplicates.MergesFiles)
        {
            BeginFiles([path]);
            file = _duplicates.BeginFile(path, _row);
        }

        if (file is null)
        {
            _duplicates.BeginSource(Path.GetFileName(path), _row);
            AddCsv(() => SourceFile.Open(path), Path.GetFileName(path), _options.Csv, known: null, path);
            return;
        }

        file.Failure?.Throw();
        _encoder.KeyBy(file.IdType);
        var before = SourceBytesRead;
        AddCsv(file.Open, file.Name, file.Csv, file.Known, path);
        if (CanContinue)
            SourceBytesRead = before + file.Length;
    }

    /// <summary>Adds the rows of CSV text.</summary>
    /// <param name="stream">The text; disposed at the end.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <exception cref="ArgumentException">Duplicates are to be merged, which text that is read once cannot be.</exception>
    /// <exception cref="CsvFormatException">The text as a whole cannot be read.</exception>
    /// <exception cref="InvalidDataException">The text is damaged throughout: the encoding is wrong.</exception>
    /// <exception cref="JournalException">The text is not that of the run that the journal belongs to.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public void AddCsv(Stream stream, string source)
    {
        _duplicates.RequireReadableOnce();
        _duplicates.BeginSource(source, _row);
        AddCsv(() => stream, source, _options.Csv, known: null, path: null);
    }

    /// <summary>Begins a row of named values.</summary>
    /// <exception cref="ArgumentException">Duplicates are to be merged, which such rows cannot be.</exception>
    public ObjectRow BeginRow()
    {
        if (!_readsRows)
        {
            _readsRows = true;
            _duplicates.RequireReadableOnce();
            _recorder?.BeginSource(SourceRecord.Rows, "the pipeline", _digest!, known: null, path: null);
        }

        _duplicates.BeginSource(null, _row);
        _recorder?.RequireRow(_digest!.Rows + 1);
        CountRow();
        _encoder.Begin();
        _objectRow.Begin();
        return _objectRow;
    }

    /// <summary>Ends the row that was begun, and sends a batch if one is full.</summary>
    /// <exception cref="ArgumentException">The first row has no id column, or two: no row can be sent.</exception>
    /// <exception cref="JournalException">The row is not that of the run that the journal belongs to.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public void EndRow()
    {
        if (_row == 1 && (_objectRow.MissingId() ?? _columns.UnmatchedName(_objectRow.Names)) is string missing)
        {
            if (!IsRepeated)
                Accounting.Rejected++;
            throw new ArgumentException(missing);
        }

        if (IsRepeated)
            RepeatObjectRow();
        else if (EndRow(null, _row, null, Fate(offset: 0)) == RowResult.Rejected)
            Reject(file => file.WriteValues(_objectRow.Names, _objectRow.Texts(), _row, Reason()));
        if ((_row & 0xFF) == 0 || !_messages.IsEmpty)
            Pause();
    }

    private void AddCsv(Func<Stream> open, string source, CsvOptions csv, KnownText? known, string? path)
    {
        EndRows();
        var before = SourceBytesRead;
        var stream = new InterruptibleStream(open, _cancelled);
        using var reader = new CsvReader(stream, source, csv, isMarked: _recorder is not null);
        var columns = CsvColumns.Of(reader.Header, _columns, source);
        try
        {
            _recorder?.BeginSource(SourceRecord.Csv, source, reader, known, path);
            if (_recorder?.KnowsText == true)
                reader.StopHashing();
            RepeatRows(reader, columns, source);
            AddRows(reader, columns, source, () => SourceBytesRead = before + stream.BytesRead);
            if (CanContinue)
                _recorder?.EndSource();
        }
        catch
        {
            // Where the rows at hand end in their source is not certain, so they wait for the next command.
            _recorder?.Break();
            throw;
        }

        if (reader.RowNumber == 0 && CanContinue)
            Warn($"{source} has no rows.");
        Pause();
    }

    [MethodImpl(Bits.Optimized)]
    private void AddRows(CsvReader reader, Column[] columns, string source, Action onPause)
    {
        const int RowsBetweenPauses = 1024;
        var untilPause = RowsBetweenPauses;
        while (CanContinue)
        {
            var rows = AddPlainRows(reader, columns, untilPause);
            if (rows == 0)
            {
                if (!reader.Read())
                    break;
                rows = 1;
                AddRow(reader, columns, source);
            }

            untilPause -= rows;
            if (untilPause > 0)
                continue;
            untilPause = RowsBetweenPauses;
            onPause();
            Pause();
        }

        onPause();
    }

    /// <summary>Adds rows that nobody needs to see one by one.</summary>
    /// <returns>How many; 0 if the next row is another one.</returns>
    private int AddPlainRows(CsvReader reader, Column[] columns, int atMost)
    {
        if (LooksAtPacked || _recorder?.KnowsEnd == true || !_duplicates.LeavesRows(out var mayPass))
            return 0;
        var rows = _encoder.AddRows(reader, columns, atMost, _row + 1, mayPass);
        _row += rows;
        Accounting.CountRead(rows);
        return rows;
    }

    [MethodImpl(Bits.Optimized)]
    private void AddRow(CsvReader reader, Column[] columns, string source)
    {
        _recorder?.RequireRow(reader.RowNumber);
        CountRow();
        Encode(reader, columns);
        var fate = Fate(reader.RecordOffset);
        if (EndRow(source, reader.RowNumber, reader.LineNumber, fate) == RowResult.Rejected)
            Reject(file => file.WriteRecord(reader.HeaderText, reader.RawRecord, reader.Delimiter, reader.MissingFields, reader.RowNumber, Reason()));
    }

    [MethodImpl(Bits.Optimized)]
    private void Encode(CsvReader reader, Column[] columns)
    {
        _encoder.Begin();
        if (reader.Fault is RowRule fault)
        {
            _encoder.Reject(fault, reader.FaultColumn <= columns.Length ? columns[reader.FaultColumn - 1].Name : $"#{reader.FaultColumn}");
            return;
        }

        _encoder.AddRecord(reader, columns);
    }

    private void CountRow()
    {
        _row++;
        if (!IsRepeated)
            Accounting.CountRead();
    }

    [MethodImpl(Bits.Optimized)]
    private RowFate Fate(long offset)
    {
        if (_encoder.Judge() != RowResult.Added)
            return RowFate.Alone;
        try
        {
            return _duplicates.FateOf(_encoder, _row, offset);
        }
        catch when (!IsRepeated)
        {
            // The run ends here, and its books must be right all the same.
            Accounting.CountBatch(BatchState.NotSent, 1);
            throw;
        }
    }

    /// <summary>Puts the row into the batch, if that is its fate.</summary>
    [MethodImpl(Bits.Optimized)]
    private RowResult Pack(RowFate fate, out SealedBatch? full)
    {
        full = null;
        return fate == RowFate.Merged ? RowResult.Merged : Packed(fate).End(_row, out full);
    }

    /// <summary>The row that is sent.</summary>
    private RowEncoder Packed(RowFate fate) => fate == RowFate.Carries ? _duplicates.MergedRow : _encoder;

    [MethodImpl(Bits.Optimized)]
    private RowResult EndRow(string? source, long rowNumber, long? line, RowFate fate)
    {
        var result = Pack(fate, out var full);
        if (fate == RowFate.Repeats)
            _findings.AddWarning(source, rowNumber, line, _encoder.IdColumn!.Name, RowRule.IdDuplicate, _duplicates.Text);
        switch (result)
        {
            case RowResult.Added when _encoder.Warnings.Count == 0:
                break;
            case RowResult.Added:
                TellWarnings(source, rowNumber, line);
                break;
            case RowResult.Merged:
                Accounting.Merged++;
                TellWarnings(source, rowNumber, line);
                break;
            case RowResult.Empty:
                Accounting.Empty++;
                break;
            case RowResult.Rejected:
                Accounting.Rejected++;
                _findings.AddError(source, rowNumber, line, _encoder.FaultColumn, _encoder.Fault!, _encoder.FaultText);
                if (Accounting.Rejected > _options.MaxRejected)
                    _tooManyRejected = new InvalidDataException(($"More than {CountText.Of(_options.MaxRejected.Value, "row was", "rows were")} rejected, so the run stopped. Correct the source, or raise -MaxRejected."));
                break;
        }

        if (full is not null)
            Post(full, beforeRow: true);
        if (result == RowResult.Added && LooksAtPacked)
            TakePacked(fate, source, rowNumber);
        return result;
    }

    private void Reject(Action<RejectedRowFile> write)
    {
        if (_rejectedFile is null)
            return;
        try
        {
            write(_rejectedFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _queue!.Stop(new RejectedRowsException(_options.RejectedPath!, e));
        }
    }

    private void TellWarnings(string? source, long rowNumber, long? line)
    {
        foreach (var (rule, column) in _encoder.Warnings)
            _findings.AddWarning(source, rowNumber, line, column, rule);
    }

    private string Reason() => _encoder.FaultColumn is string column
        ? $"{_encoder.Fault!.Id}: column '{column}': {_encoder.FaultText}"
        : $"{_encoder.Fault!.Id}: {_encoder.FaultText}";
}
