using System.Collections.ObjectModel;
using System.Management.Automation;
using TargetProfiles.PowerShell.Errors;

namespace TargetProfiles.PowerShell.Commands;

/// <summary>Paths as the session means them, as paths of the file system.</summary>
internal static class FilePaths
{
    private const string FileSystem = "FileSystem";

    public static IReadOnlyList<string> Literal(PSCmdlet cmdlet, IEnumerable<string> paths)
    {
        var files = new List<string>();
        foreach (var path in paths)
        {
            var file = Unresolved(cmdlet, path, out var provider);
            Add(cmdlet, files, file, provider, path);
        }

        return files;
    }

    public static IReadOnlyList<string> Resolved(PSCmdlet cmdlet, IEnumerable<string> paths)
    {
        var files = new List<string>();
        foreach (var path in paths)
        {
            Collection<string> found;
            ProviderInfo provider;
            try
            {
                found = cmdlet.GetResolvedProviderPathFromPSPath(path, out provider);
            }
            catch (SessionStateException)
            {
                cmdlet.ThrowTerminatingError(TargetErrors.NoFileMatches(path));
                throw;
            }

            if (found.Count == 0)
                cmdlet.ThrowTerminatingError(TargetErrors.NoFileMatches(path));
            // A wildcard that matches files and folders means the files.
            var isPattern = WildcardPattern.ContainsWildcardCharacters(path);
            foreach (var file in found)
            {
                if (!isPattern || !Directory.Exists(file))
                    Add(cmdlet, files, file, provider, path);
            }
        }

        return files;
    }

    /// <summary>A file that is to be written, and need not be there yet.</summary>
    public static string ToWrite(PSCmdlet cmdlet, string path)
    {
        var file = Unresolved(cmdlet, path, out var provider);
        RequireFileSystem(cmdlet, provider, path);
        return file;
    }

    /// <summary>For the progress only: a file that is gone is told when it is opened.</summary>
    public static long Length(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? file.Length : 0;
    }

    private static string Unresolved(PSCmdlet cmdlet, string path, out ProviderInfo provider)
    {
        try
        {
            return cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out provider, out _);
        }
        catch (SessionStateException)
        {
            cmdlet.ThrowTerminatingError(TargetErrors.NoFileMatches(path));
            throw;
        }
    }

    private static void Add(PSCmdlet cmdlet, List<string> files, string file, ProviderInfo provider, string given)
    {
        RequireFileSystem(cmdlet, provider, given);
        if (Directory.Exists(file))
            cmdlet.ThrowTerminatingError(TargetErrors.FolderInsteadOfFile(given));
        if (!File.Exists(file))
            cmdlet.ThrowTerminatingError(TargetErrors.NoFileMatches(given));
        files.Add(file);
    }

    private static void RequireFileSystem(PSCmdlet cmdlet, ProviderInfo provider, string given)
    {
        if (provider.Name != FileSystem)
            cmdlet.ThrowTerminatingError(TargetErrors.NotAFileSystemPath(given));
    }
}
