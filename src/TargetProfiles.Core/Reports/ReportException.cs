namespace TargetProfiles;

/// <summary>A report cannot be written where it was to go; what was there is as it was.</summary>
public sealed class ReportException : IOException
{
    private ReportException(string message, bool isThere, Exception? cause = null)
        : base(message, cause) => IsThere = isThere;

    /// <summary>True if there is a file of that name already.</summary>
    public bool IsThere { get; }

    internal static ReportException Exists(string path) => new($"There is a file '{path}' already. Add -Force to replace it, or give the report another name.", isThere: true);

    internal static ReportException Unwritable(string path, Exception cause) => new($"The report cannot be written to '{path}': {cause.Message} Mend that, or give the report another place.", isThere: false, cause);
}
