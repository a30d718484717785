using TargetProfiles.Batches;
using TargetProfiles.Sending.Comparing;
using TargetProfiles.Sending.Journal;

namespace TargetProfiles.Sending;

/// <content>Batches leave: those made of rows, and finished ones.</content>
public sealed partial class SendRun
{
    /// <summary>Takes note of all finished batch files of a command, so that files that were sent to the end before are recognised.</summary>
    /// <exception cref="JournalException">The journal cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public void BeginBatchFiles(IReadOnlyList<string> paths) =>
        Recognise(completed => SentFiles.AreTheseBatches(paths, completed, _cancelled));

    /// <summary>Sends a finished batch file as it is; a check tells its faults instead.</summary>
    /// <exception cref="InvalidDataException">The file is no batch file that the service would take.</exception>
    /// <exception cref="JournalException">The file is not that of the run that the journal belongs to.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public void AddBatchFile(string path)
    {
        if (_options.TellsEveryFinding)
        {
            CheckBatchFile(path);
            return;
        }

        if (_options.Canary is not null)
            throw new ArgumentException("-Canary is for rows; a finished batch file is sent as it is. Leave -Canary away.");
        BeginBatchFiles([path]);
        if (SentBefore is not null)
            return;
        EndRows();
        Post(_builder.Seal());
        var batch = BatchFile.Read(path, _builder.NextNumber, _row + 1, _cancelled);
        _recorder?.BeginSource(SourceRecord.BatchFile, Path.GetFileName(path), new WholeFile(batch), known: null, path);
        _builder.TakeNumber();
        _row += batch.RowCount;
        if (IsRepeated)
            RepeatBatchFile(batch);
        else
            AddBatch(batch);
    }

    private void AddBatch(SealedBatch batch)
    {
        for (var i = 0; i < batch.RowCount; i++)
            Accounting.CountRead();
        Post(batch);
        _recorder?.EndSource();
    }

    private void CheckBatchFile(string path)
    {
        var faults = BatchFile.Check(path, out var rows, _cancelled);
        for (var i = 0L; i < rows; i++)
            Accounting.CountRead();
        Accounting.Rejected += faults.Count;
        foreach (var fault in faults)
            _messages.Enqueue(new RunMessage.RowFound(fault));
        Pause();
    }

    /// <param name="batch">The batch; null if there is none.</param>
    /// <param name="beforeRow">True if the row that was read last belongs to the next batch.</param>
    private void Post(SealedBatch? batch, bool beforeRow = false)
    {
        if (batch is null)
            return;
        _canary?.Close();
        _batches++;
        Plan.Batches++;
        Plan.Bytes += batch.Length;
        var damage = _batches == 1 ? _findings.Damage(Accounting.Read) : null;
        var damaged = damage is null ? null : new InvalidDataException(damage);
        if (damaged is not null)
            _queue?.Stop(damaged);
        if (_queue is null)
            batch.Dispose();
        else if (_journal?.Completed is not null)
            Hold(batch, beforeRow);
        else
            Send(batch, _queue, () => Record(batch, beforeRow));
        if (damaged is null)
            return;
        Tell();
        throw damaged;
    }

    /// <summary>Brings to the disk what must be there before a batch leaves: its rows, and what was rejected up to here.</summary>
    private void Record(SealedBatch batch, bool beforeRow)
    {
        if (_recorder is null)
            _rejectedFile?.Flush();
        else
            _recorder.Cover(batch, beforeRow);
    }

    private void Send(SealedBatch batch, BatchQueue queue, Action record)
    {
        batch.BeginHashing();
        while (CanContinue && _recorder?.CanCover != false && !_cancelled.IsCancellationRequested)
        {
            // Before the next batch leaves, so that an owner who stops at an outcome stops there.
            Tell();
            if (!queue.TryTakePlace(Patience))
                continue;
            try
            {
                record();
            }
            catch (Exception e) when (e is JournalException or IOException or UnauthorizedAccessException)
            {
                queue.ReturnPlace();
                queue.Stop(e);
                break;
            }

            queue.Start(batch);
            if (batch.Number == Canary.BatchNumber)
                AwaitCanary();
            return;
        }

        queue.Skip(batch);
    }
}
