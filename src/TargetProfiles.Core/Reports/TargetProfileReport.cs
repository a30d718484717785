using System.Text;
using TargetProfiles.Files;
using TargetProfiles.Reports;
using TargetProfiles.Sending.Journal;

namespace TargetProfiles;

/// <summary>A run's journal as a page that people read: one HTML file that needs nothing else.</summary>
public static class TargetProfileReport
{
    /// <summary>Writes the report of a journal. A run may be writing the journal meanwhile.</summary>
    /// <param name="journalPath">The journal.</param>
    /// <param name="path">The page to write; it is its owner's alone, and there whole or not at all.</param>
    /// <param name="overwrite">True to replace a file of that name, unless it is a journal.</param>
    /// <exception cref="JournalException">The journal is damaged, or no journal.</exception>
    /// <exception cref="InvalidDataException">The journal is empty: no run has begun.</exception>
    /// <exception cref="IOException">The journal cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The journal may not be read.</exception>
    /// <exception cref="ReportException">The page exists, or cannot be written.</exception>
    public static void Export(string journalPath, string path, bool overwrite = false)
    {
        if (journalPath is null)
            throw new ArgumentNullException(nameof(journalPath));
        if (path is null)
            throw new ArgumentNullException(nameof(path));
        var run = RunHistory.Read(journalPath);
        if (run.Commands.Count == 0)
            throw new InvalidDataException($"The journal '{journalPath}' is empty: no run has begun, so there is nothing to report.");
        if (Path.GetFullPath(journalPath) == Path.GetFullPath(path))
            throw new ArgumentException("The report would replace the journal. Give it another name.");
        if (!overwrite && File.Exists(path))
            throw ReportException.Exists(path);
        try
        {
            RequireFolder(path);
            RefuseJournal(path);
            PrivateFile.WriteWhole(path, overwrite, stream => HtmlFile.Write(stream, ReportPage.Title(run), Style(), ReportPage.Body(run, DateTime.UtcNow)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw ReportException.Unwritable(path, e);
        }
    }

    private static void RequireFolder(string path)
    {
        if (Directory.Exists(path))
            throw new IOException("It is a folder.");
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is string folder && !Directory.Exists(folder))
            throw new DirectoryNotFoundException("There is no such folder.");
    }

    // Names that differ in case, and links, can be the same file as the journal; and another run's would be missed as much.
    private static void RefuseJournal(string path)
    {
        if (File.Exists(path) && JournalFile.IsAt(path))
            throw new IOException("It is a journal, and the report would replace the journal.");
    }

    private static string Style()
    {
        using var style = new StreamReader(typeof(TargetProfileReport).Assembly.GetManifestResourceStream("report.css")!, Encoding.UTF8);
        return style.ReadToEnd().Replace("\r", "");
    }
}
