using System.Management.Automation;
using TargetProfiles.Sending;

namespace TargetProfiles.PowerShell.Errors;

/// <summary>Every error record of the module: its id, what it is about, and what to do. None holds values of a row.</summary>
internal static class TargetErrors
{
    public static ErrorRecord FromException(Exception exception, object? target) => exception switch
    {
        TargetServiceException failure => New(failure, failure.Kind.ToString(), target, failure.RecommendedAction),
        JournalException journal => New(exception, $"Journal{journal.Fault}", target, RemedyOf(journal.Fault)),
        CsvFormatException => New(exception, "CsvUnreadable", target, "Correct it, and run the same command again. Nothing of this file was sent."),
        RejectedRowsException => New(exception, "RejectedRowsUnwritable", target, "Make room on the disk, or give another -RejectedPath."),
        ReportException report => New(exception, report.IsThere ? "ReportExists" : "ReportUnwritable", target, "Nothing was written."),
        InvalidDataException => New(exception, "SourceUnusable", target, "Correct it, and run the same command again."),
        FileNotFoundException or DirectoryNotFoundException => New(exception, "FileNotFound", target, "Check the path."),
        UnauthorizedAccessException => New(exception, "FileAccessDenied", target, "Check who may read the file, and that the path is no folder."),
        IOException or NotSupportedException => New(exception, "FileUnreadable", target, "Check the file and the disk."),
        ArgumentException => New(exception, "InvalidSetting", target, "Correct it, and run the same command again."),
        _ => New(exception, "Defect", target, "This should not happen. Please report it, with the message and without profile data."),
    };

    /// <summary>What stopped a run early.</summary>
    public static ErrorRecord Stopped(Exception exception, object? target, bool hasJournal)
    {
        var error = FromException(exception, target);
        return StoppedRun.WhatNext(exception, error.ErrorDetails.RecommendedAction, hasJournal) is string next
            ? New(exception, error.FullyQualifiedErrorId, target, $"{error.ErrorDetails.RecommendedAction} {next}")
            : error;
    }

    public static ErrorRecord JournalPathMissing() => New(
        new ArgumentException("-Restart and -Resend say what to do with a journal, and no journal was given."),
        "JournalPathMissing",
        null,
        "Add -JournalPath FILE, or leave them away.");

    public static ErrorRecord NotConnected() => New(
        new InvalidOperationException("There is no connection to Target in this session."),
        "NotConnected",
        null,
        "Run Connect-TargetService -ClientCode YOURCODE first, or give -Connection. To try without Adobe: Start-TargetEmulator | Connect-TargetService.");

    public static ErrorRecord TextInsteadOfRows(string text) => New(
        new ArgumentException($"A string came down the pipeline where a row was expected{(LooksLikePath(text) ? "; it looks like a path" : "")}."),
        "TextInsteadOfRows",
        null,
        "For a file: Send-TargetProfileBatch -LiteralPath FILE. For CSV text: ... | ConvertFrom-Csv | Send-TargetProfileBatch.");

    public static ErrorRecord FolderInsteadOfFile(string path) => New(
        new ArgumentException($"'{path}' is a folder."),
        "FolderInsteadOfFile",
        path,
        "Name the files: Get-ChildItem FOLDER -Filter *.csv | Send-TargetProfileBatch.");

    public static ErrorRecord NoFileMatches(string path) => New(
        new FileNotFoundException($"No file matches '{path}'."),
        "FileNotFound",
        path,
        "Check the path.");

    public static ErrorRecord NotAFileSystemPath(string path) => New(
        new ArgumentException($"'{path}' is not a path of the file system."),
        "NotAFileSystemPath",
        path,
        "Give a path on a disk.");

    public static ErrorRecord RowRejected(TargetRowFinding finding) => New(
        new InvalidDataException(finding.ToString()),
        "RowRejected",
        finding,
        "The row is not sent. Correct it at its source; the other rows are not affected.");

    /// <summary>A row of a command that updates or fetches profiles one by one.</summary>
    public static ErrorRecord RowRejected(long row, ArgumentException reason) => New(
        new InvalidDataException($"Row {row}: {reason.Message}", reason),
        "RowRejected",
        $"row {row}",
        "The row is left out. Correct it at its source; the other rows are not affected.");

    /// <summary>A row of a command that updates profiles one by one; it tells where to go on if the command ends with it.</summary>
    public static ErrorRecord RowNotUpdated(UpdateFailure failure)
    {
        var failed = failure.Exception as TargetServiceException;
        var error = FromException(failure.Exception, $"row {failure.Row}");
        var message = $"Row {failure.Row}: {error.Exception.Message}";
        var next = failure.FirstRowToSendAgain switch
        {
            null => "",
            1 => " Then send all rows again.",
            var first => $" Then send the rows from number {first} on again: ... | Select-Object -Skip {first - 1} | Set-TargetProfile ...",
        };
        return New(
            failed is null ? new InvalidOperationException(message, failure.Exception) : new TargetServiceException(failed.Kind, message, failed.RecommendedAction, failed.StatusCode, failed),
            error.FullyQualifiedErrorId,
            error.TargetObject,
            error.ErrorDetails.RecommendedAction + next);
    }

    public static ErrorRecord BatchNotAccepted(TargetProfileBatch batch) => New(
        new InvalidOperationException($"Batch {batch.Number} (rows {batch.FirstRow} to {batch.LastRow}): {batch.State}. {batch.Message}"),
        $"Batch{batch.State}",
        batch,
        batch.State == BatchState.Uncertain
            ? "The service may have the batch. Sending it again is safe: the same values are written again."
            : "Change what the message names, then send these rows again.");

    public static ErrorRecord BatchFailed(TargetBatchStatus status) => New(
        new InvalidOperationException(StatusText.Of(status)),
        status.State == BatchProcessingState.Stuck ? "BatchStuck" : "BatchFailedRows",
        status.BatchId,
        (status.State, status.ProfilesNotFound) switch
        {
            (BatchProcessingState.Stuck, _) => "Send its rows again, which does no harm; with a journal, -FailedPath writes them to a file. If that gets stuck too, give Adobe's customer care the batch id.",
            (_, > 0) => "Version 1 of the API updates only profiles that exist; -ApiVersion V2 creates the others. With a journal, -FailedPath writes failed rows to a file.",
            _ => "FailedIds of the status holds the ids, if Target lists them. With a journal, -FailedPath writes the rows to a file, to be corrected and sent again.",
        });

    public static ErrorRecord LossAboveRate(LostRows loss) => New(
        new InvalidOperationException(loss.ToString()),
        "LossAboveRate",
        loss,
        "LostRows of each status tells the batches. Sending their rows again does no harm; Get-TargetProfile shows whether a profile arrived.");

    private static string RemedyOf(JournalFault fault) => fault switch
    {
        JournalFault.InUse => "Get-TargetProfileBatch -JournalPath FILE tells how far that run is.",
        JournalFault.NoSourceFile => "Without -FailedPath, the statuses are told all the same.",
        JournalFault.Unwritable => "Mend that. What the journal already holds is not sent again.",
        JournalFault.Damaged => "Keep the file until you know what became of it: it may still tell what was accepted.",
        _ => "Get-TargetProfileBatch -JournalPath FILE tells what was accepted so far.",
    };

    // PowerShell 7 shows the recommended action below the message; Windows PowerShell shows the message alone.
    private static ErrorRecord New(Exception exception, string id, object? target, string action) =>
        new(exception, id, ErrorCategories.ById[id], target)
        {
#if NET
            ErrorDetails = new ErrorDetails(exception.Message) { RecommendedAction = action },
#else
            ErrorDetails = new ErrorDetails($"{exception.Message} {action}") { RecommendedAction = action },
#endif
        };

    private static bool LooksLikePath(string text) =>
        text.Length < 1024 && (text.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || text.IndexOf('/') >= 0 || text.IndexOf('\\') >= 0);
}
