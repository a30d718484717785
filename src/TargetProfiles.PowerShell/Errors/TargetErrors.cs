using System.Management.Automation;
using TargetProfiles.Sending;

namespace TargetProfiles.PowerShell.Errors;

/// <summary>Every error record of the module: its stable id, its category, and what to do.</summary>
internal static class TargetErrors
{
    public static ErrorRecord FromException(Exception exception, object? target) => exception switch
    {
        TargetServiceException failure => FromService(failure, target),
        JournalException journal => New(exception, $"Journal{journal.Fault}", CategoryOf(journal.Fault), target, RemedyOf(journal.Fault)),
        CsvFormatException => New(exception, "CsvUnreadable", ErrorCategory.InvalidData, target, "Correct it, and run the same command again. Nothing of this file was sent."),
        InvalidDataException => New(exception, "SourceUnusable", ErrorCategory.InvalidData, target, "Correct it, and run the same command again."),
        FileNotFoundException or DirectoryNotFoundException or ItemNotFoundException => New(exception, "FileNotFound", ErrorCategory.ObjectNotFound, target, "Check the path."),
        UnauthorizedAccessException => New(exception, "FileAccessDenied", ErrorCategory.PermissionDenied, target, "Check who may read the file, and that the path is no folder."),
        IOException => New(exception, "FileUnreadable", ErrorCategory.ReadError, target, "Check the file and the disk."),
        ArgumentException => New(exception, "InvalidSetting", ErrorCategory.InvalidArgument, target, "Correct it, and run the same command again."),
        _ => New(exception, "Defect", ErrorCategory.InvalidOperation, target, "This should not happen. Please report it, with the message and without profile data."),
    };

    /// <summary>What stopped a run early.</summary>
    public static ErrorRecord Stopped(Exception exception, object? target, bool hasJournal)
    {
        var error = FromException(exception, target);
        return StoppedRun.WhatNext(exception, error.ErrorDetails.RecommendedAction, hasJournal) is string next
            ? New(exception, error.FullyQualifiedErrorId, error.CategoryInfo.Category, target, $"{error.ErrorDetails.RecommendedAction} {next}")
            : error;
    }

    public static ErrorRecord JournalPathMissing() => New(
        new ArgumentException("-Restart and -Resend say what to do with a journal, and no journal was given."),
        "JournalPathMissing",
        ErrorCategory.InvalidArgument,
        null,
        "Add -JournalPath FILE, or leave them away.");

    public static ErrorRecord NotConnected() => New(
        new InvalidOperationException("There is no connection to Target in this session."),
        "NotConnected",
        ErrorCategory.ConnectionError,
        null,
        "Run Connect-TargetService -ClientCode YOURCODE first, or give -Connection. To try without Adobe: Start-TargetEmulator | Connect-TargetService.");

    public static ErrorRecord TextInsteadOfRows(string text) => New(
        new ArgumentException($"A string came down the pipeline where a row was expected{(LooksLikePath(text) ? "; it looks like a path" : "")}."),
        "TextInsteadOfRows",
        ErrorCategory.InvalidType,
        null,
        "For a file: Send-TargetProfileBatch -LiteralPath FILE. For CSV text: ... | ConvertFrom-Csv | Send-TargetProfileBatch.");

    public static ErrorRecord FolderInsteadOfFile(string path) => New(
        new ArgumentException($"'{path}' is a folder."),
        "FolderInsteadOfFile",
        ErrorCategory.InvalidArgument,
        path,
        "Name the files: Get-ChildItem FOLDER -Filter *.csv | Send-TargetProfileBatch.");

    public static ErrorRecord NoFileMatches(string path) => New(
        new FileNotFoundException($"No file matches '{path}'."),
        "FileNotFound",
        ErrorCategory.ObjectNotFound,
        path,
        "Check the path.");

    public static ErrorRecord NotAFileSystemPath(string path) => New(
        new ArgumentException($"'{path}' is not a path of the file system."),
        "NotAFileSystemPath",
        ErrorCategory.InvalidArgument,
        path,
        "Give a path on a disk.");

    public static ErrorRecord RowRejected(TargetRowFinding finding) => New(
        new InvalidDataException(finding.ToString()),
        "RowRejected",
        ErrorCategory.InvalidData,
        finding,
        "The row is not sent. Correct it at its source; the other rows are not affected.");

    public static ErrorRecord BatchNotAccepted(TargetProfileBatch batch) => New(
        new InvalidOperationException($"Batch {batch.Number} (rows {batch.FirstRow} to {batch.LastRow}): {batch.State}. {batch.Message}"),
        $"Batch{batch.State}",
        batch.State == BatchState.Refused ? ErrorCategory.InvalidResult : ErrorCategory.ConnectionError,
        batch,
        batch.State == BatchState.Uncertain
            ? "The service may have the batch. Sending it again is safe: the same values are written again."
            : "Change what the message names, then send these rows again.");

    public static ErrorRecord TokenAsText() => New(
        new ArgumentException("The token must be a SecureString, so that it does not stand in the history and in transcripts."),
        "TokenAsText",
        ErrorCategory.InvalidArgument,
        null,
        $"Use -Token (Read-Host -AsSecureString), -Token (Get-Secret NAME), or set {TargetConnectionOptions.TokenVariable}.");

    private static ErrorCategory CategoryOf(JournalFault fault) => fault switch
    {
        JournalFault.InUse => ErrorCategory.ResourceBusy,
        JournalFault.Unwritable => ErrorCategory.WriteError,
        JournalFault.Damaged => ErrorCategory.InvalidData,
        _ => ErrorCategory.InvalidOperation,
    };

    private static string RemedyOf(JournalFault fault) => fault switch
    {
        JournalFault.InUse => "Get-TargetProfileBatch -JournalPath FILE tells how far that run is.",
        JournalFault.Unwritable => "Mend that. What the journal already holds is not sent again.",
        JournalFault.Damaged => "Keep the file until you know what became of it: it may still tell what was accepted.",
        _ => "Get-TargetProfileBatch -JournalPath FILE tells what was accepted so far.",
    };

    private static ErrorRecord FromService(TargetServiceException failure, object? target)
    {
        var category = failure.Kind switch
        {
            ServiceFailureKind.TokenRejected or ServiceFailureKind.ProxyRejected => ErrorCategory.AuthenticationError,
            ServiceFailureKind.RequestRejected => ErrorCategory.InvalidArgument,
            ServiceFailureKind.HostNotFound or ServiceFailureKind.ConnectionFailed => ErrorCategory.ConnectionError,
            ServiceFailureKind.CertificateUntrusted or ServiceFailureKind.UnsafeAddress or ServiceFailureKind.RedirectRefused => ErrorCategory.SecurityError,
            ServiceFailureKind.TimedOut => ErrorCategory.OperationTimeout,
            ServiceFailureKind.Throttled => ErrorCategory.LimitsExceeded,
            ServiceFailureKind.ProfileNotFound => ErrorCategory.ObjectNotFound,
            ServiceFailureKind.UnreadableReply => ErrorCategory.ProtocolError,
            _ => ErrorCategory.InvalidResult,
        };
        return New(failure, failure.Kind.ToString(), category, target, failure.RecommendedAction);
    }

    // PowerShell 7 shows the recommended action below the message; Windows PowerShell shows the message alone.
    private static ErrorRecord New(Exception exception, string id, ErrorCategory category, object? target, string action) =>
        new(exception, id, category, target)
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
