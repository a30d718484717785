using System.Text;
using TargetProfiles.Profiles;

namespace TargetProfiles.Sending;

/// <summary>Where the processes of this user keep what they tell each other about an account.</summary>
internal static class AccountFile
{
    /// <summary>The path of an account's file, or null where there is no place for one.</summary>
    public static string? PathOf(string kind, string account, bool isLoopback)
    {
        var folder = Environment.GetEnvironmentVariable(TargetConnectionOptions.StateFolderVariable);
        // Emulators come and go by the port; their calls are nobody else's, unless a folder is named.
        if (string.IsNullOrEmpty(folder) && isLoopback)
            return null;
        if (string.IsNullOrEmpty(folder))
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
            if (home.Length == 0)
                return null;
            folder = Path.Combine(home, "TargetProfiles");
        }

        return Path.Combine(folder, $"{kind}-{Name(account)}.bin");
    }

    /// <summary>Opens the file for one look and one change; others wait meanwhile.</summary>
    /// <exception cref="IOException">Another process has it, or it cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be opened.</exception>
    public static FileStream Open(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return Files.PrivateFile.OpenExclusively(path);
    }

    private static string Name(string account) => Encoding.ASCII.GetString(HashedText.Of(Encoding.UTF8.GetBytes(account)), 0, 16);
}
