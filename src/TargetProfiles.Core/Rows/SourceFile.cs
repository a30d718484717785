namespace TargetProfiles.Rows;

/// <summary>Opens a file to read rows from.</summary>
internal static class SourceFile
{
    /// <summary>Opens it when it is first read from, so that a share that does not answer can be left.</summary>
    public static InterruptibleStream Open(string path, CancellationToken cancellation) => new(
        () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.SequentialScan), cancellation);
}
