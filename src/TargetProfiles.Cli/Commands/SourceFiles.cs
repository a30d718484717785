using System.Diagnostics.CodeAnalysis;

namespace TargetProfiles.Cli.Commands;

/// <summary>The files that a command line names, checked before anything is sent.</summary>
internal static class SourceFiles
{
    public const string StandardInput = "-";

    /// <exception cref="ArgumentException">A file is not there, or is a folder, or nothing matches.</exception>
    public static List<string> Find(IEnumerable<string> given, bool takesStandardInput)
    {
        var files = new List<string>();
        foreach (var name in given)
        {
            if (name == StandardInput && takesStandardInput)
                files.Add(name);
            else if (File.Exists(name))
                files.Add(name);
            else if (Directory.Exists(name))
                throw new ArgumentException($"'{name}' is a folder. Name the files in it, for example '{Path.Combine(name, "*.csv")}'.");
            else if (name.AsSpan().ContainsAny('*', '?'))
                files.AddRange(Matching(name));
            else
                throw NotThere(name);
        }

        if (files.Count(file => file == StandardInput) > 1)
            throw new ArgumentException("Standard input ('-') can be read once only.");
        return files;
    }

    /// <summary>A file that is to be read, as a full path.</summary>
    /// <exception cref="ArgumentException">It is not there, or is a folder.</exception>
    public static string ToRead(string name)
    {
        if (Directory.Exists(name))
            throw new ArgumentException($"'{name}' is a folder. Name a file in it.");
        return File.Exists(name) ? Path.GetFullPath(name) : throw NotThere(name);
    }

    /// <summary>A file that is to be written, and need not be there yet, as a full path.</summary>
    [return: NotNullIfNotNull(nameof(name))]
    public static string? ToWrite(string? name) => name is null ? null : Path.GetFullPath(name);

    private static ArgumentException NotThere(string name) =>
        new($"There is no file '{name}'. Check the path; it counts from {Environment.CurrentDirectory}.");

    // Windows shells leave wildcards to the program.
    private static List<string> Matching(string pattern)
    {
        var folder = Path.GetDirectoryName(pattern) is { Length: > 0 } named ? named : ".";
        var options = new EnumerationOptions { MatchType = MatchType.Simple, AttributesToSkip = FileAttributes.None };
        List<string> files = Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, Path.GetFileName(pattern), options)] : [];
        if (files.Count == 0)
            throw new ArgumentException($"No file matches '{pattern}'. Wildcards stand in the file name only, not in folder names.");
        files.Sort(StringComparer.Ordinal);
        return files;
    }
}
