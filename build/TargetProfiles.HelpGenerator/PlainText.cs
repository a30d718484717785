using System.Text;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace TargetProfiles.HelpGenerator;

/// <summary>Markdown as the text of it.</summary>
internal static class PlainText
{
    /// <summary>Blocks as paragraphs; a list or some code is a paragraph of several lines.</summary>
    public static IReadOnlyList<string> Paragraphs(MarkdownPage page, IEnumerable<Block> blocks) => [.. blocks.Select(block => Of(page, block))];

    /// <summary>The text of one line of markdown.</summary>
    public static string Of(MarkdownPage page, ContainerInline? inlines)
    {
        var text = new StringBuilder();
        foreach (var inline in inlines ?? [])
        {
            text.Append(inline switch
            {
                LiteralInline literal => literal.Content.ToString(),
                CodeInline code => code.Content,
                LineBreakInline => " ",
                HtmlEntityInline entity => entity.Transcoded.ToString(),
                AutolinkInline link => link.Url,
                LinkInline { IsImage: true } => throw page.Error(inline, "A help text cannot show an image."),
                ContainerInline container => Of(page, container),
                _ => throw page.Error(inline, $"A {inline.GetType().Name} cannot be turned into help."),
            });
        }

        return text.ToString();
    }

    private static string Of(MarkdownPage page, Block block) => block switch
    {
        ParagraphBlock paragraph => Of(page, paragraph.Inline),
        CodeBlock code => string.Join('\n', CodeLines(code).Select(line => $"    {line}")),
        ListBlock list => string.Join('\n', list.Cast<ListItemBlock>().Select(item => $"{Marker(list, item)}{string.Join('\n', Paragraphs(page, item)).ReplaceLineEndings("\n  ")}")),
        _ => throw page.Error(block, $"A {block.GetType().Name} cannot be turned into help. Use paragraphs, lists and code."),
    };

    /// <summary>What stands before an item of a list.</summary>
    public static string Marker(ListBlock list, ListItemBlock item) => list.IsOrdered ? $"{item.Order}. " : "- ";

    /// <summary>The lines between the fences.</summary>
    public static IEnumerable<string> CodeLines(CodeBlock code) => code.Lines.ToString().ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd());
}
