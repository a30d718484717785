using System.Runtime.InteropServices;
#if NET
using System.Text;
using Microsoft.Win32.SafeHandles;
#endif

namespace TargetProfiles.Files;

/// <summary>Files that are their owner's alone. On Windows the folder's permissions apply.</summary>
internal static class PrivateFile
{
    private const int BufferSize = 64 * 1024;
#if NET
    private const int ReadOnly = 0;
#endif

    /// <summary>Opens or creates a file that nobody else may write meanwhile; looking at it is allowed.</summary>
    /// <exception cref="IOException">Someone else has it, or it cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static FileStream OpenExclusively(string path)
    {
        // Unix has advisory locks only, and none of them lets one write while others look: those who only look take none.
        var share = RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? FileShare.Read : FileShare.None;
#if NET
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share, BufferSize = BufferSize };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
#else
        return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, share, BufferSize);
#endif
    }

    /// <summary>Opens a file that a run may be writing just now.</summary>
    public static FileStream OpenToLook(string path)
    {
#if NET
        // .NET takes a shared lock with every file that it opens by name on Unix, and the run's lock excludes that.
        if (!OperatingSystem.IsWindows() && OpenUnlocked(Encoding.UTF8.GetBytes(path + '\0'), ReadOnly) is >= 0 and var descriptor)
            return new FileStream(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.Read);
#endif
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
    }

    /// <summary>Writes a file that is there whole or not at all.</summary>
    /// <param name="path">Where.</param>
    /// <param name="overwrite">True to replace a file of that name.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">It exists, or cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void WriteWhole(string path, bool overwrite, Action<Stream> write)
    {
        var unfinished = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var file = OpenExclusively(unfinished))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }

            if (overwrite && File.Exists(path))
                File.Replace(unfinished, path, destinationBackupFileName: null);
            else
                File.Move(unfinished, path);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <summary>Creates a file that is gone when it is closed, and after a kill too.</summary>
    /// <exception cref="IOException">There is no place for it.</exception>
    public static FileStream CreateTemporary()
    {
        var path = Path.Combine(Path.GetTempPath(), $"target-profiles-{Guid.NewGuid():N}.tmp");
        var isWindows = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);
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

    /// <summary>Reads what was written to a temporary file, from where it stands.</summary>
    /// <exception cref="EndOfStreamException">Somebody has cut the file.</exception>
    public static void Read(FileStream temporary, byte[] buffer, int count)
    {
        for (var length = 0; length < count;)
        {
            var read = temporary.Read(buffer, length, count - length);
            if (read == 0)
                throw new EndOfStreamException("A temporary file of this run has become shorter.");
            length += read;
        }
    }

#if NET
    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int OpenUnlocked(byte[] path, int flags);
#endif
}
