using TargetProfiles.Batches;
using TargetProfiles.Rows;
using TargetProfiles.Sending.Duplicates;
using TargetProfiles.Sending.Journal;

namespace TargetProfiles.Sending;

/// <content>The same command again: what earlier ones did is recognised, not done twice.</content>
public sealed partial class SendRun
{
    /// <summary>True while the rows in the builder are those of a batch that an earlier command had covered, which counts them.</summary>
    private bool _packsAgain;

    /// <summary>True while rows come that an earlier command had covered.</summary>
    private bool IsRepeated => _recorder?.IsRepeating == true;

    /// <summary>Takes over what earlier commands of the journal did.</summary>
    private void GoOn(JournalContent earlier)
    {
        foreach (var cover in earlier.Covers)
        {
            Accounting.AddEarlier(cover.Record.Read, cover.Record.Rejected, cover.Record.Empty, cover.Record.Merged);
            Accounting.CountBatches(cover.Rows.Where(known => CoverState.IsFinal(known.State)));
        }

        if (SentBefore is not null)
        {
            TellSentBefore();
            return;
        }

        if (earlier.Rejects is { } rejects && rejects.Asked == _options.RejectedPath)
            _rejectedFile?.Continue(rejects.Path, earlier.Covers.SelectMany(cover => cover.Record.Rejects));
        if (earlier.Covers.Count > 0)
            Warn(FormattableString.Invariant($"The run goes on where it ended: {CountText.Of(Accounting.Read, "row was", "rows were")} read before, {Accounting.Accepted:N0} of them accepted."));
    }

    // A run that cannot be made must not keep the journal from the next one.
    private void GoOnOrRelease(JournalContent earlier)
    {
        try
        {
            GoOn(earlier);
        }
        catch
        {
            Release();
            throw;
        }
    }

    // What can be read only once is not read to be recognised: its batches are held instead.
    private void RecogniseFiles(IReadOnlyList<string> paths)
    {
        if (_journal?.Completed is not null && paths.All(path => Interruptible.Run(() => SourceFile.CanBeReadTwice(path), _cancelled)))
            Recognise(completed => SentFiles.AreThese(paths, completed, _options.Csv, _cancelled));
    }

    /// <summary>Looks whether the sources are those that a complete journal recorded; if not, the journal is begun anew.</summary>
    private void Recognise(Func<JournalContent, bool> areThese)
    {
        if (SentBefore is not null || _journal?.Completed is not { } completed)
            return;
        if (areThese(completed))
        {
            SentBefore = completed.End!.At;
            GoOn(completed);
        }
        else
        {
            SendHeld();
        }
    }

    /// <summary>Keeps a batch until it is known whether its rows are those of the run that was completed before.</summary>
    private void Hold(SealedBatch batch, bool beforeRow)
    {
        const long MostRejected = 64L * 1024 * 1024;
        if (!CanContinue || _recorder is not { CanCover: true } || _cancelled.IsCancellationRequested)
        {
            _queue!.Skip(batch);
            return;
        }

        _recorder.Cover(batch, beforeRow);
        _held ??= new HeldBatches();
        _held.Add(batch);
        if (!_recorder.IsAsCompleted(isEnd: false) || _rejectedFile?.HeldBytes > MostRejected)
            SendHeld();
    }

    /// <summary>The source is over: either all of it was sent before, or it is a new run.</summary>
    private void EndHolding()
    {
        if (_journal?.Completed is not { } completed || SentBefore is not null)
            return;
        if (!Accounting.SourceEnded || !CanContinue)
        {
            foreach (var batch in _held?.NotSent() ?? [])
                _queue!.Skip(batch);
            return;
        }

        _recorder!.CoverRest();
        if (!_recorder.IsAsCompleted(isEnd: true))
        {
            SendHeld();
            return;
        }

        SentBefore = completed.End!.At;
        foreach (var cover in completed.Covers)
            Accounting.CountBatches(cover.Rows);
        TellSentBefore();
    }

    /// <summary>It is a new run: what was held is sent.</summary>
    private void SendHeld()
    {
        _journal!.StartAnew(() =>
        {
            _rejectedFile?.ReleaseHeld();
            return _rejectedFile?.TakeRanges() ?? [];
        });
        _rejectedFile?.ReleaseHeld();
        foreach (var batch in _held?.Release() ?? [])
            Send(batch, _queue!, record: () => { });
        _held?.Dispose();
        _held = null;
    }

    /// <summary>Passes over the rows that earlier commands covered; batches without a final outcome are made again and sent first.</summary>
    private void RepeatRows(CsvReader reader, Column[] columns, string source)
    {
        while (CanContinue && IsRepeated)
        {
            var (cover, range) = _recorder!.Recorded;
            if (cover.IsSettled && !_duplicates.RegistersRows && !IsCanary(cover))
            {
                _row += range.LastRow - range.FirstRow + 1;
                _encoder.KeyBy(Array.Find(columns, column => column.Role == ColumnRole.Id)?.IdType);
            }
            else
            {
                while (reader.RowNumber < range.LastRow && reader.Read())
                {
                    _row++;
                    Encode(reader, columns);
                    RepeatRow(cover, source, reader.RowNumber, reader.RecordOffset);
                }
            }

            EndRepeated(reader.SkipTo(range.EndMark));
            Pause();
        }
    }

    private void TellSentBefore() =>
        Warn(FormattableString.Invariant($"These rows were sent to the end before, at {SentBefore:yyyy-MM-dd HH:mm:ss}Z, so nothing was sent now. To send them again, add -Resend."));

    private void RepeatObjectRow()
    {
        var (cover, range) = _recorder!.Recorded;
        RepeatRow(cover, null, _row, offset: 0);
        if (_digest!.Rows == range.LastRow)
            EndRepeated(_digest.MarkEnd().Sha256);
    }

    private void RepeatBatchFile(SealedBatch batch)
    {
        var cover = _recorder!.EndRecorded(batch.Sha256, out _);
        if (cover.IsSettled)
            batch.Dispose();
        else
            Repeat(cover, batch);
    }

    private void RepeatRow(CoverState cover, string? source, long rowNumber, long offset)
    {
        var fate = Fate(offset);
        if (IsCanary(cover) && fate != RowFate.Merged && Packed(fate).Judge() == RowResult.Added)
            TakePacked(fate, source, rowNumber);
        if (cover.IsSettled)
            return;
        _packsAgain = true;
        Pack(fate, out var full);
        if (full is not null)
            _recorder!.Recognise(cover, full);
    }

    private void EndRepeated(string? sha256)
    {
        var cover = _recorder!.EndRecorded(sha256, out var isLast);
        if (isLast)
            _packsAgain = false;
        if (!isLast || cover.Record.Batch == 0)
            return;
        var isCanary = IsCanary(cover);
        if (isCanary)
            _canary!.Close(cover);
        if (!cover.IsSettled)
        {
            Repeat(cover, _builder.Seal());
            return;
        }

        _builder.TakeNumber();
        if (isCanary)
            AwaitCanary();
    }

    private void Repeat(CoverState cover, SealedBatch? batch)
    {
        _recorder!.Recognise(cover, batch);
        batch!.StateBefore = cover.StateBefore;
        _batches++;
        Send(cover.SettledHalf == 0 ? batch : OtherHalf(batch, cover.SettledHalf), _queue!, record: () => { });
    }

    private static SealedBatch OtherHalf(SealedBatch batch, int settledHalf)
    {
        using (batch)
        {
            var (first, second) = batch.Halves();
            (settledHalf == 1 ? first : second).Dispose();
            return settledHalf == 1 ? second : first;
        }
    }

    private void EndSources()
    {
        try
        {
            EndRows();
            if (SentBefore is null && _recorder?.Unseen is { } unseen)
                throw unseen;
        }
        catch (JournalException e)
        {
            Accounting.SourceEnded = false;
            _recorder!.Break();
            _queue!.Stop(e);
        }
    }

    /// <summary>The rows of the pipeline are over.</summary>
    private void EndRows()
    {
        if (!_readsRows)
            return;
        _readsRows = false;
        _recorder?.EndSource();
    }

    private void EndJournal()
    {
        if (_recorder is null || SentBefore is not null)
            return;
        foreach (var missed in _recorder.Missed)
            Accounting.CountBatches(missed.Rows.Where(known => !CoverState.IsFinal(known.State)));
        try
        {
            _recorder.End(isComplete: Accounting.SourceEnded && _canary is not { IsOpen: false, IsOver: false } && Accounting.NotSent == 0 && Accounting.Uncertain == 0);
        }
        catch (Exception e) when (e is JournalException or IOException)
        {
            _queue!.Stop(e);
        }
    }

    private void OnNewRejectedFile(string path, char delimiter) => _journal?.Add(new RejectsRecord(path, _options.RejectedPath!, delimiter), flush: true);
}
