using System.Runtime.InteropServices;

namespace TargetProfiles.Files;

/// <summary>Files that are their owner's alone. On Windows the folder's permissions apply.</summary>
internal static class PrivateFile
{
    private const int BufferSize = 64 * 1024;

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
    public static FileStream OpenToLook(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
}
