using System.Management.Automation;

namespace TargetProfiles.PowerShell.Errors;

/// <summary>Every error id of the module and its category. An id that is not here cannot be used, and each has its section in about_TargetProfiles_Errors.</summary>
internal static class ErrorCategories
{
    public static IReadOnlyDictionary<string, ErrorCategory> ById { get; } = new Dictionary<string, ErrorCategory>(StringComparer.Ordinal)
    {
        ["AdminAccessRejected"] = ErrorCategory.AuthenticationError,
        ["BatchFailedRows"] = ErrorCategory.InvalidResult,
        ["BatchNotSent"] = ErrorCategory.ConnectionError,
        ["BatchRefused"] = ErrorCategory.InvalidResult,
        ["BatchStuck"] = ErrorCategory.InvalidResult,
        ["BatchUncertain"] = ErrorCategory.ConnectionError,
        ["BatchUnknown"] = ErrorCategory.ObjectNotFound,
        ["CanaryNotArrived"] = ErrorCategory.InvalidResult,
        ["CanaryStuck"] = ErrorCategory.InvalidResult,
        ["CertificateUntrusted"] = ErrorCategory.SecurityError,
        ["ConnectionClosed"] = ErrorCategory.ConnectionError,
        ["ConnectionFailed"] = ErrorCategory.ConnectionError,
        ["CsvUnreadable"] = ErrorCategory.InvalidData,
        ["Defect"] = ErrorCategory.InvalidOperation,
        ["FileAccessDenied"] = ErrorCategory.PermissionDenied,
        ["FileNotFound"] = ErrorCategory.ObjectNotFound,
        ["FileUnreadable"] = ErrorCategory.ReadError,
        ["FolderInsteadOfFile"] = ErrorCategory.InvalidArgument,
        ["HostNotFound"] = ErrorCategory.ConnectionError,
        ["InvalidSetting"] = ErrorCategory.InvalidArgument,
        ["JournalDamaged"] = ErrorCategory.InvalidData,
        ["JournalInUse"] = ErrorCategory.ResourceBusy,
        ["JournalNoSourceFile"] = ErrorCategory.ObjectNotFound,
        ["JournalOtherSettings"] = ErrorCategory.InvalidOperation,
        ["JournalOtherSource"] = ErrorCategory.InvalidOperation,
        ["JournalPathMissing"] = ErrorCategory.InvalidArgument,
        ["JournalUnwritable"] = ErrorCategory.WriteError,
        ["LossAboveRate"] = ErrorCategory.InvalidResult,
        ["NotAFileSystemPath"] = ErrorCategory.InvalidArgument,
        ["NotConnected"] = ErrorCategory.ConnectionError,
        ["ProfileNotFound"] = ErrorCategory.ObjectNotFound,
        ["ProxyRejected"] = ErrorCategory.AuthenticationError,
        ["RedirectRefused"] = ErrorCategory.SecurityError,
        ["Refused"] = ErrorCategory.InvalidResult,
        ["RejectedRowsUnwritable"] = ErrorCategory.WriteError,
        ["ReportExists"] = ErrorCategory.ResourceExists,
        ["ReportUnwritable"] = ErrorCategory.WriteError,
        ["RequestRejected"] = ErrorCategory.InvalidArgument,
        ["RowRejected"] = ErrorCategory.InvalidData,
        ["ServerError"] = ErrorCategory.ResourceUnavailable,
        ["SourceUnusable"] = ErrorCategory.InvalidData,
        ["TextInsteadOfRows"] = ErrorCategory.InvalidType,
        ["Throttled"] = ErrorCategory.LimitsExceeded,
        ["TimedOut"] = ErrorCategory.OperationTimeout,
        ["TokenNotFound"] = ErrorCategory.ObjectNotFound,
        ["TokenRejected"] = ErrorCategory.AuthenticationError,
        ["UnreadableReply"] = ErrorCategory.ProtocolError,
        ["UnsafeAddress"] = ErrorCategory.SecurityError,
    };
}
