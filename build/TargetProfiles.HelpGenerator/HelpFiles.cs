using System.Text;
using System.Xml;

namespace TargetProfiles.HelpGenerator;

/// <summary>The files that Get-Help looks for.</summary>
internal static class HelpFiles
{
    private const string AboutPrefix = "about_";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Turns a folder of pages into a MAML file for each help file that they name, and a text file for each about page.</summary>
    /// <exception cref="PageException">A page cannot be turned into help.</exception>
    public static void Write(string pageFolder, string outputFolder)
    {
        Directory.CreateDirectory(outputFolder);
        var pages = Directory.GetFiles(Path.GetFullPath(pageFolder), "*.md")
            .Order(StringComparer.Ordinal)
            .Select(path => new MarkdownPage(path))
            .ToLookup(page => page.Name.StartsWith(AboutPrefix, StringComparison.Ordinal));
        foreach (var page in pages[true])
            File.WriteAllText(Path.Combine(outputFolder, $"{page.Name}.help.txt"), AboutText.Of(page), Utf8);
        foreach (var file in pages[false].Select(Read).GroupBy(page => page.Header.ExternalHelpFile))
        {
            using var writer = XmlWriter.Create(Path.Combine(outputFolder, file.Key), new XmlWriterSettings { Encoding = Utf8, Indent = true, NewLineChars = "\n" });
            MamlDocument.Of(file).Save(writer);
        }
    }

    // A value that is missing where YAML allows it is the page's fault, whatever it breaks here.
    private static CommandPage Read(MarkdownPage page)
    {
        try
        {
            var command = CommandPageReader.Read(page);
            _ = MamlDocument.Of([command]);
            return command;
        }
        catch (Exception e) when (e is InvalidOperationException or NullReferenceException or ArgumentException or KeyNotFoundException)
        {
            throw page.Error(null, $"The page is not as it must be: {e.Message}");
        }
    }
}
