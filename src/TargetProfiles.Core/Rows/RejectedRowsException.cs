namespace TargetProfiles;

/// <summary>The file for rejected rows cannot be written; the run stops, since rows would be lost.</summary>
public sealed class RejectedRowsException : IOException
{
    internal RejectedRowsException(string path, Exception cause)
        : base($"Rejected rows cannot be written to '{path}': {cause.Message} Make room on the disk, or give another -RejectedPath.", cause)
    {
    }
}
