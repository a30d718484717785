namespace TargetProfiles.Rows;

/// <summary>Files with customer data: readable by their owner only. On Windows the folder's permissions apply.</summary>
internal static class PrivateFile
{
    private const int BufferSize = 64 * 1024;

    /// <exception cref="IOException">The file exists, or cannot be created.</exception>
    public static FileStream CreateNew(string path)
    {
#if NET
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = BufferSize };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
#else
        return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, BufferSize);
#endif
    }
}
