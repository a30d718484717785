namespace TargetProfiles.Rows;

/// <summary>Files that are their owner's alone. On Windows the folder's permissions apply.</summary>
internal static class PrivateFile
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Opens or creates a file that nobody else may have open meanwhile.</summary>
    /// <exception cref="IOException">Someone else has it, or it cannot be opened.</exception>
    public static FileStream OpenExclusively(string path)
    {
#if NET
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
#else
        return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
#endif
    }

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

    /// <summary>Creates a file that is gone when it is closed, and after a kill too.</summary>
    /// <exception cref="IOException">There is no place for it.</exception>
    public static FileStream CreateTemporary()
    {
        var path = Path.Combine(Path.GetTempPath(), $"target-profiles-{Guid.NewGuid():N}.tmp");
        var isWindows = Path.DirectorySeparatorChar == '\\';
        // Elsewhere than on Windows a file can be used without its name, so that nothing is left to be deleted later.
        var atClose = isWindows ? FileOptions.DeleteOnClose : FileOptions.None;
#if NET
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 1, Options = atClose };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, options);
#else
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1, atClose);
#endif
        if (!isWindows)
            File.Delete(path);
        return file;
    }
}
