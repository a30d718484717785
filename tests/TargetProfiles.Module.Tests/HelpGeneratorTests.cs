using TargetProfiles.HelpGenerator;
using Xunit;

namespace TargetProfiles.Module.Tests;

/// <summary>The help generator: what it makes of about pages, and what it says of pages that it does not understand.</summary>
public sealed class HelpGeneratorTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("help-");

    [Theory]
    [InlineData("## NOTES", "## REMARKS")]
    [InlineData("### -PassThru", "### PassThru")]
    [InlineData("DefaultValue: 3\n", "Default: 3\n")]
    [InlineData("SupportsWildcards: false", "SupportsWildcards: perhaps")]
    [InlineData("# Connect-TargetService\n", "# Connect-Service\n")]
    [InlineData("### Example 1: Connect to an emulator\n", "### Example 1: Connect to an emulator\n\n```powershell\nGet-Date\n```\n")]
    [InlineData("### Token (Default)", "### Tokens (Default)")]
    [InlineData("- Name: Credential\n", "- Names: Credential\n")]
    [InlineData("[Disconnect-TargetService](Disconnect-TargetService.md)", "Disconnect-TargetService")]
    public void A_page_that_is_not_in_the_schema_is_named_with_its_line(string found, string replacement)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "en-US", "Connect-TargetService.md")).ReplaceLineEndings("\n");
        var at = text.IndexOf(found, StringComparison.Ordinal);
        Assert.True(at >= 0, found);
        var path = WritePage("Connect-TargetService", text.Remove(at, found.Length).Insert(at, replacement));
        var line = text[..at].Count(character => character == '\n') + 1;

        var error = Assert.Throws<PageException>(() => Generate());
        Assert.StartsWith($"{path}({line}): error HELP001: ", error.BuildError);
    }

    [Theory]
    [InlineData("## LONG DESCRIPTION\n", 3, "SHORT DESCRIPTION")]
    [InlineData("## SHORT DESCRIPTION\n\nShort.\n\n> quoted\n", 7, "QuoteBlock")]
    [InlineData("## SHORT DESCRIPTION\n\nShort ![image](image.png).\n", 5, "image")]
    [InlineData("## SHORT DESCRIPTION\n\nShort.\n\n```\nshort\n0123456789012345678901234567890123456789012345678901234567890123456789012\n```\n", 9, "72")]
    [InlineData("## SHORT DESCRIPTION\n\nShort.\n\n| A very long first column that leaves no room | B |\n| --- | --- |\n| a | b |\n", 7, "columns")]
    public void An_about_page_that_is_no_plain_text_is_named_with_its_line(string text, int line, string said)
    {
        var path = WritePage("about_Page", $"# about_Page\n\n{text}");
        var error = Assert.Throws<PageException>(() => Generate());
        Assert.StartsWith($"{path}({line}): error HELP001: ", error.BuildError);
        Assert.Contains(said, error.Message);
    }

    [Fact]
    public void An_about_page_becomes_wrapped_text()
    {
        WritePage("about_Page", """
            # about_Page

            ## SHORT DESCRIPTION

            Tells `about` [something](https://example.org) that is *long* enough to be wrapped at eighty columns.

            ### Part

            - one
            - two that is long enough, too, so that it does not fit into a line of eighty columns

            ```powershell
            Get-Thing |
                Out-Null
            ```

            | Code | Meaning |
            | --- | --- |
            | 0 | a \| b |
            | 130 | interrupted |
            """);
        Generate();
        Assert.Equal(
            """
            TOPIC
                about_Page

            SHORT DESCRIPTION
                Tells about something that is long enough to be wrapped at eighty columns.

              Part
                - one
                - two that is long enough, too, so that it does not fit into a line of
                  eighty columns

                    Get-Thing |
                        Out-Null

                Code  Meaning
                0     a | b
                130   interrupted

            """.ReplaceLineEndings("\n"),
            File.ReadAllText(Path.Combine(_folder.FullName, "out", "about_Page.help.txt")));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string WritePage(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, $"{name}.md");
        File.WriteAllText(path, text);
        return path;
    }

    private void Generate() => HelpFiles.Write(_folder.FullName, Path.Combine(_folder.FullName, "out"));
}
