using System.Text.RegularExpressions;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace TargetProfiles.HelpGenerator;

/// <summary>Reads a cmdlet's page in the schema of Microsoft.PowerShell.PlatyPS 1.x, and takes nothing that is not in it.</summary>
internal sealed partial class CommandPageReader
{
    private const string AllSets = "(All)";
    private const string OnlySet = "__AllParameterSets";
    private const string CommonParameters = "CommonParameters";

    private static readonly string[] SectionNames =
        ["SYNOPSIS", "SYNTAX", "ALIASES", "DESCRIPTION", "EXAMPLES", "PARAMETERS", "INPUTS", "OUTPUTS", "NOTES", "RELATED LINKS"];

    private readonly MarkdownPage _page;

    private CommandPageReader(MarkdownPage page) => _page = page;

    /// <summary>Reads a page.</summary>
    /// <exception cref="PageException">The page is not in the schema.</exception>
    public static CommandPage Read(MarkdownPage page) => new CommandPageReader(page).Read();

    private CommandPage Read()
    {
        var header = Header();
        var sections = Sections();
        var syntaxes = Subsections(sections[1]).Select(Syntax).ToList();
        var parameters = Subsections(sections[5]).Where(section => section.Title != CommonParameters).Select(Parameter).ToList();
        foreach (var (syntax, section) in syntaxes.Zip(Subsections(sections[1])))
            RequireSameParameters(syntax, parameters, section.Heading);
        return new CommandPage(
            header,
            Single(sections[0]),
            syntaxes,
            Text(sections[3]),
            [.. Subsections(sections[4]).Select(Example)],
            parameters,
            [.. Subsections(sections[6]).Select(DescribedType)],
            [.. Subsections(sections[7]).Select(DescribedType)],
            PlainText.Paragraphs(_page, sections[8].Blocks),
            [.. sections[9].Blocks.Select(Link)]);
    }

    private CommandPageHeader Header()
    {
        if (_page.FrontMatter is not { } block)
            throw _page.Error(null, "The page begins with no front matter.");
        var header = _page.ReadYaml<CommandPageHeader>(block);
        if (header.DocumentType != "cmdlet" || header.SchemaVersion != "2024-05-01")
            throw _page.Error(block, "The front matter must say 'document type: cmdlet' and 'PlatyPS schema version: 2024-05-01'.");
        if (header.Title != _page.Name)
            throw _page.Error(block, $"The title is '{header.Title}', and the file is called '{_page.Name}'.");
        return header;
    }

    private List<Section> Sections()
    {
        var title = _page.Title();
        var sections = Split(_page.Blocks.Skip(1), level: 2, within: title);
        for (var i = 0; i < SectionNames.Length; i++)
        {
            if (i >= sections.Count || sections[i].Title != SectionNames[i])
                throw _page.Error(sections.ElementAtOrDefault(i)?.Heading ?? _page.Blocks[^1], $"Here '## {SectionNames[i]}' must stand.");
        }

        return sections.Count == SectionNames.Length ? sections : throw _page.Error(sections[SectionNames.Length].Heading, "Nothing may follow the related links.");
    }

    private List<Section> Subsections(Section section) => Split(section.Blocks, level: 3, within: section.Heading);

    private List<Section> Split(IEnumerable<Block> blocks, int level, Block within)
    {
        var sections = new List<Section>();
        foreach (var block in blocks)
        {
            if (block is HeadingBlock heading && heading.Level <= level)
            {
                if (heading.Level < level)
                    throw _page.Error(block, "This heading is of a higher level than it may be here.");
                sections.Add(new Section(PlainText.Of(_page, heading.Inline), heading, []));
            }
            else if (sections.Count > 0)
            {
                sections[^1].Blocks.Add(block);
            }
            else
            {
                throw _page.Error(block, $"A heading of level {level} must stand above this, after line {within.Line + 1}.");
            }
        }

        return sections;
    }

    private CommandSyntax Syntax(Section section)
    {
        if (section.Blocks is not [FencedCodeBlock code])
            throw _page.Error(section.Heading, "A parameter set consists of a heading and one block of code.");
        var text = string.Join(' ', PlainText.CodeLines(code).Select(line => line.Trim()));
        if (!text.StartsWith($"{_page.Name} ", StringComparison.Ordinal) || !text.EndsWith("[<CommonParameters>]", StringComparison.Ordinal))
            throw _page.Error(code, $"A syntax begins with '{_page.Name}' and ends with '[<CommonParameters>]'.");
        var parameters = SyntaxParameter().Matches(text[_page.Name.Length..])
            .Select(match => new SyntaxParameter(match.Groups["name"].Value, match.Groups["type"] is { Success: true } type ? type.Value : null));
        var name = section.Title.Replace(" (Default)", "", StringComparison.Ordinal);
        return new CommandSyntax(name, name != section.Title, text, [.. parameters]);
    }

    private void RequireSameParameters(CommandSyntax syntax, List<CommandParameter> parameters, HeadingBlock heading)
    {
        var described = parameters.Where(parameter => IsIn(parameter, syntax.SetName)).Select(parameter => parameter.Name).ToHashSet();
        var shown = syntax.Parameters.Select(parameter => parameter.Name).ToHashSet();
        if (shown.Except(described).FirstOrDefault() is { } undescribed)
            throw _page.Error(heading, $"-{undescribed} stands in the syntax {syntax.SetName}, and its section does not name that set.");
        if (described.Except(shown).FirstOrDefault() is { } unshown)
            throw _page.Error(heading, $"The section of -{unshown} names the set {syntax.SetName}, whose syntax does not show it.");
    }

    private static bool IsIn(CommandParameter parameter, string setName) => parameter.Attributes.ParameterSets.Any(set => set.Name == AllSets || set.Name == setName || setName == OnlySet);

    private CommandExample Example(Section section)
    {
        var code = section.Blocks.OfType<FencedCodeBlock>().Where(block => block.Info == "powershell").ToList();
        if (code.Count != 1)
            throw _page.Error(section.Heading, "An example has exactly one block of code marked as powershell.");
        var at = section.Blocks.IndexOf(code[0]);
        return new CommandExample(
            section.Title,
            PlainText.Paragraphs(_page, section.Blocks.Take(at)),
            string.Join('\n', PlainText.CodeLines(code[0])),
            PlainText.Paragraphs(_page, section.Blocks.Skip(at + 1)));
    }

    private CommandParameter Parameter(Section section)
    {
        if (!section.Title.StartsWith('-'))
            throw _page.Error(section.Heading, "A parameter's heading is its name with a hyphen in front.");
        if (section.Blocks.LastOrDefault() is not FencedCodeBlock { Info: "yaml" } block)
            throw _page.Error(section.Heading, "A parameter's section ends with a block of yaml.");
        var description = PlainText.Paragraphs(_page, section.Blocks.SkipLast(1));
        return description.Count > 0
            ? new CommandParameter(section.Title[1..], description, _page.ReadYaml<ParameterAttributes>(block))
            : throw _page.Error(section.Heading, "The parameter has no description.");
    }

    private DescribedType DescribedType(Section section) => new(section.Title, Text(section));

    private PageLink Link(Block block) => block is ParagraphBlock { Inline.FirstChild: LinkInline { IsImage: false, Url: { } address, NextSibling: null } link }
        ? new PageLink(PlainText.Of(_page, link), address)
        : throw _page.Error(block, "A related link is a paragraph with one link in it and nothing else.");

    private string Single(Section section) => Text(section) is [var only] ? only : throw _page.Error(section.Heading, "Here one paragraph must stand.");

    private IReadOnlyList<string> Text(Section section)
    {
        var text = PlainText.Paragraphs(_page, section.Blocks);
        return text.Count > 0 ? text : throw _page.Error(section.Heading, "There is no text here.");
    }

    // The words of Get-Command -Syntax: -Name <type>, -Switch, and the brackets around what may be left away.
    [GeneratedRegex(@"(?<=[\[\s])-(?<name>\w+)\]?(?: <(?<type>[^>]+)>)?")]
    private static partial Regex SyntaxParameter();

    private sealed record Section(string Title, HeadingBlock Heading, List<Block> Blocks);
}
