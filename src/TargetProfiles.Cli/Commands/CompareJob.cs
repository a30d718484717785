using TargetProfiles.Cli.Output;
using TargetProfiles.Sending;
using TargetProfiles.Sending.Comparing;

namespace TargetProfiles.Cli.Commands;

/// <summary>One comparison: adds the sources, and tells what came of it.</summary>
internal sealed class CompareJob(
    IReadOnlyList<string> files, CompareOptions options, TargetConnection connection, CompareOutput output, Lines lines, bool includesEqual, bool isVerbose, RunDisplay display, CancellationToken cancellation)
{
    private CompareReport _report = null!;

    public CompareReport Run() => display.During(RunNow);

    private CompareReport RunNow()
    {
        using var run = new CompareRun(options, connection, Take, TellFailure, Tell, display.Show);
        using var cancel = cancellation.Register(run.Cancel);
        _report = new CompareReport { Summary = run.Summary, Connection = connection };
        Guarded(() => AddSources(run.Rows));
        Guarded(() => run.Complete(sourceEnded: _report.Error is null));
        if (_report.ExitCode == ExitCode.Success && !run.Summary.IsMatch)
            _report.ExitCode = ExitCode.NotAllAccepted;
        return _report;
    }

    private void AddSources(SendRun rows)
    {
        rows.BeginFiles([.. files.Where(file => file != SourceFiles.StandardInput)]);
        foreach (var file in files)
        {
            if (file == SourceFiles.StandardInput)
                rows.AddCsv(Console.OpenStandardInput(), "standard input");
            else
                rows.AddFile(file);
        }
    }

    private void Take(TargetProfileComparison comparison)
    {
        if (!includesEqual && comparison.Outcome == ComparisonOutcome.Match)
            return;
        if (cancellation.IsCancellationRequested || !output.TryAdd(comparison))
            _report.NotListed++;
    }

    private void TellFailure(string row, Exception failure) => lines.Error($"{row}: {Failures.Text(failure)}");

    private void Tell(RunMessage message)
    {
        switch (message)
        {
            case RunMessage.Warning { Text: var text }:
                lines.Warning(Names.Respelled(text));
                break;
            case RunMessage.Detail { Text: var text } when isVerbose:
                lines.Note(text);
                break;
        }
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
