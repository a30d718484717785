using TargetProfiles.Cli.Output;
using TargetProfiles.Sending;

namespace TargetProfiles.Cli.Commands;

/// <summary>One send: adds the sources to a run, waits for what is to be waited for, and tells what came of it.</summary>
internal sealed class SendJob(SendRequest request, Lines lines, bool isVerbose, RunDisplay display, CancellationToken cancellation)
{
    private SendReport _report = null!;
    private BatchStatusPoller? _poller;
    private StatusWatch? _watch;

    public SendReport Run() => display.During(RunNow);

    private SendReport RunNow()
    {
        using var run = new SendRun(request.Options, request.Connection, Tell, display.Show);
        using var cancelRun = cancellation.Register(run.Cancel);
        _report = new SendReport
        {
            Accounting = run.Accounting,
            Plan = request.Options.PlanOnly ? run.Plan : null,
            Connection = request.Connection,
            Waits = request.Waiting is not null,
        };
        using var poller = request.Waiting is null ? null : new BatchStatusPoller(request.Connection!, request.Waiting);
        using var cancelPoller = cancellation.Register(() => poller?.Cancel());
        _poller = poller;
        _watch = poller is null ? null : new StatusWatch(poller, display, lines);

        Send(run);
        if (_report.ExitCode == ExitCode.Success)
            After(run);
        if (_watch is not null)
            _report.Statuses = _watch.Results;
        if (request.FailedPath is not null && _report.ExitCode != ExitCode.Interrupted)
            Guarded(WriteFailedRows);
        if (_report.ExitCode == ExitCode.Success && !IsAllAccepted(run))
            _report.ExitCode = ExitCode.NotAllAccepted;
        return _report;
    }

    private void Send(SendRun run)
    {
        Guarded(() => AddSources(run));
        Guarded(() => run.Complete(sourceEnded: _report.Error is null));
        _report.SentBefore = run.SentBefore;
        if (_report.ExitCode == ExitCode.Success && run.Failure is { } failure)
            End(Failures.ExitCodeOfStopped(failure), Failures.TextOfStopped(failure, hasJournal: request.Options.JournalPath is not null));
    }

    private void AddSources(SendRun run)
    {
        run.SourceBytes = SourceBytes();
        run.BeginFiles([.. request.Files.Where(file => file != SourceFiles.StandardInput)]);
        foreach (var file in request.Files)
        {
            if (!run.CanContinue)
                return;
            if (file == SourceFiles.StandardInput)
                run.AddCsv(Console.OpenStandardInput(), "standard input");
            else
                run.AddFile(file);
        }

        if (request.BatchFiles.Count > 0)
            run.BeginBatchFiles(request.BatchFiles);
        foreach (var file in request.BatchFiles)
        {
            if (run.CanContinue)
                run.AddBatchFile(file);
        }
    }

    private long? SourceBytes() => request.BatchFiles.Count > 0 || request.Files.Contains(SourceFiles.StandardInput)
        ? null
        : request.Files.Sum(file => new FileInfo(file).Length);

    private void After(SendRun run)
    {
        if (_poller is not null)
        {
            Guarded(() =>
            {
                AddEarlierBatches(_poller);
                _watch!.Complete();
            });
        }

        if (request.Emulator is null || _report.ExitCode != ExitCode.Success)
            return;
        Guarded(() => _report.Sample = run.CompareSample(_report.Compared.Add));
        _report.EmulatorProfiles = request.Emulator.ProfileCount;
    }

    // The command before this one may have ended before Target had.
    private void AddEarlierBatches(BatchStatusPoller poller)
    {
        if (request.Options.JournalPath is { } path)
            poller.AddJournal(TargetProfileJournal.Read(path), batch => !_report.Batches.Exists(told => told.BatchId == batch.BatchId));
    }

    private bool IsAllAccepted(SendRun run)
    {
        if (request.Options.PlanOnly)
            return run.Accounting.Rejected == 0;
        var isProcessed = _watch?.IsSuccess != false;
        return (run.SentBefore is not null || run.Accounting.IsComplete) && isProcessed && _report.Sample is null or { Compared: 0, Failed: 0 } or { IsMatch: true };
    }

    private void Tell(RunMessage message)
    {
        _watch?.Take();
        switch (message)
        {
            case RunMessage.BatchDone { Batch: var batch }:
                TellBatch(batch);
                break;
            case RunMessage.RowFound { Finding: var finding }:
                _report.Rejected.Add(finding);
                Tell(finding);
                break;
            case RunMessage.Warning { Text: var text }:
                _report.Warnings.Add(Names.Respelled(text));
                lines.Warning(_report.Warnings[^1]);
                break;
            case RunMessage.Detail { Text: var text } when isVerbose:
                lines.Note(text);
                break;
        }
    }

    private void Tell(TargetRowFinding finding)
    {
        var text = Names.Respelled(finding.ToString());
        if (finding.Severity == RuleSeverity.Error)
            lines.Error(text);
        else
            lines.Warning(text);
    }

    private void TellBatch(TargetProfileBatch batch)
    {
        _report.Batches.Add(batch);
        if (batch.State == BatchState.Accepted)
        {
            display.ShowAccepted(batch);
            if (batch.BatchId is not null)
                _poller?.Add(FollowedBatch.Of(batch));
        }
        else if (batch.State == BatchState.Refused)
        {
            lines.Error($"{Rows(batch)} was refused. {Names.Respelled(batch.Message ?? "")}");
        }
        else if (batch.State == BatchState.Uncertain)
        {
            lines.Error($"{Rows(batch)} may or may not have arrived. Sending it again does no harm.");
        }

        // What was not sent has one cause, which is told once, at the end.
    }

    private static string Rows(TargetProfileBatch batch) =>
        FormattableString.Invariant($"Batch {batch.Number} (rows {batch.FirstRow:N0} to {batch.LastRow:N0})");

    private void WriteFailedRows()
    {
        _report.FailedRows = FailedRows.Write(request.Options.JournalPath!, _watch!.Statuses, request.FailedPath!, cancellation);
        FailedRowsLines.Write(_report.FailedRows, lines);
    }

    private void Guarded(Action step)
    {
        try
        {
            step();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            End(ExitCode.Interrupted, "Interrupted.");
        }
        catch (Exception e) when (Failures.IsExpected(e) || e is TargetServiceException)
        {
            End(Failures.ExitCodeOf(e), Failures.Text(e));
        }
    }

    private void End(int exitCode, string error)
    {
        if (_report.Error is not null)
            return;
        _report.ExitCode = exitCode;
        _report.Error = error;
        lines.Error(error);
    }
}
