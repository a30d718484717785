namespace TargetProfiles;

/// <summary>A journal cannot be used for this run; nothing was sent that it does not record.</summary>
public sealed class JournalException : Exception
{
    internal JournalException(JournalFault fault, string message, Exception? inner = null)
        : base(message, inner) => Fault = fault;

    /// <summary>Why.</summary>
    public JournalFault Fault { get; }
}
