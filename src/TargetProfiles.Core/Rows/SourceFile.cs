namespace TargetProfiles.Rows;

/// <summary>Opening the files that rows come from.</summary>
internal static class SourceFile
{
    public static FileStream Open(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.SequentialScan);

    /// <summary>
    /// True for a file that holds something and keeps it. Pipes and devices have no length; they are told by that and not by
    /// opening them, since that would wait for their other end.
    /// </summary>
    public static bool CanBeReadTwice(string path)
    {
        try
        {
            var file = new FileInfo(path);
#if NET
            if (file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target)
                file = target;
            return file.Exists && file.Length > 0;
#else
            return file.Exists && (file.Length > 0 || (file.Attributes & FileAttributes.ReparsePoint) != 0);
#endif
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Opening it will tell.
            return false;
        }
    }
}
