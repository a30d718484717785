using Markdig.Extensions.Tables;
using Markdig.Syntax;

namespace TargetProfiles.HelpGenerator;

/// <summary>An about page as plain text of 80 columns.</summary>
internal sealed class AboutText
{
    private const int Columns = 80;
    private const int Indent = 4;

    private readonly MarkdownPage _page;
    private readonly List<string> _lines = [];

    private AboutText(MarkdownPage page) => _page = page;

    /// <summary>Makes the text of a page.</summary>
    /// <exception cref="PageException">The page cannot be turned into text.</exception>
    public static string Of(MarkdownPage page) => new AboutText(page).Write();

    private string Write()
    {
        var title = _page.Title();
        // Get-Help takes the synopsis from the line below SHORT DESCRIPTION.
        if (_page.Blocks is not [_, HeadingBlock { Level: 2 } first, ..] || PlainText.Of(_page, first.Inline) != "SHORT DESCRIPTION")
            throw _page.Error(_page.Blocks is [_, var second, ..] ? second : title, "The section below the title must be '## SHORT DESCRIPTION'.");
        _lines.AddRange(["TOPIC", $"    {_page.Name}"]);
        var isBelowHeading = false;
        foreach (var block in _page.Blocks.Skip(1))
        {
            if (!isBelowHeading)
                _lines.Add("");
            if (block is HeadingBlock heading)
                _lines.Add(heading.Level <= 2 ? PlainText.Of(_page, heading.Inline) : $"  {PlainText.Of(_page, heading.Inline)}");
            else
                Write(block, Indent);
            isBelowHeading = block is HeadingBlock;
        }

        return string.Join('\n', _lines) + '\n';
    }

    private void Write(Block block, int indent)
    {
        switch (block)
        {
            case ParagraphBlock paragraph:
                Wrap(PlainText.Of(_page, paragraph.Inline), indent, indent);
                break;
            case CodeBlock code:
                Write(code, indent + Indent);
                break;
            case ListBlock list:
                Write(list, indent);
                break;
            case Table table:
                Write(table, indent);
                break;
            default:
                throw _page.Error(block, $"A {block.GetType().Name} cannot be turned into help. Use paragraphs, lists, tables and code.");
        }
    }

    private void Write(CodeBlock code, int indent)
    {
        var below = code is FencedCodeBlock ? 1 : 0;
        foreach (var line in PlainText.CodeLines(code))
        {
            if (indent + line.Length > Columns)
                throw _page.Error(code, $"This line of code is longer than {Columns - indent} characters, and code is not wrapped.", below);
            below++;
            _lines.Add(line.Length > 0 ? new string(' ', indent) + line : "");
        }
    }

    private void Write(ListBlock list, int indent)
    {
        foreach (var item in list.Cast<ListItemBlock>())
        {
            var marker = PlainText.Marker(list, item);
            var isFirst = true;
            foreach (var block in item)
            {
                if (!isFirst && (block is not ListBlock || list.IsLoose))
                    _lines.Add("");
                if (isFirst && block is ParagraphBlock paragraph)
                    Wrap(marker + PlainText.Of(_page, paragraph.Inline), indent, indent + marker.Length);
                else
                    Write(block, indent + marker.Length);
                isFirst = false;
            }
        }
    }

    // Columns as wide as they need to be; the last one takes what is left.
    private void Write(Table table, int indent)
    {
        var rows = table.Cast<TableRow>().Select(row => row.Cast<TableCell>().Select(CellText).ToList()).ToList();
        var columns = rows[0].Count;
        var widths = Enumerable.Range(0, columns - 1).Select(column => rows.Max(row => row[column].Length) + 2).ToList();
        var last = indent + widths.Sum();
        if (last > Columns / 2)
            throw _page.Error(table, $"All columns but the last take {last - indent} characters together; {(Columns / 2) - indent} is the most.");
        foreach (var row in rows)
        {
            var lead = string.Concat(row.Take(columns - 1).Zip(widths, (cell, width) => cell.PadRight(width)));
            Wrap(row[^1], indent, last, lead);
        }
    }

    private string CellText(TableCell cell) => string.Join(' ', cell.OfType<ParagraphBlock>().Select(paragraph => PlainText.Of(_page, paragraph.Inline)));

    private void Wrap(string text, int indent, int hangingIndent, string lead = "")
    {
        var line = new string(' ', indent) + lead;
        var isEmpty = true;
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!isEmpty && line.Length + 1 + word.Length > Columns)
            {
                _lines.Add(line);
                line = new string(' ', hangingIndent);
                isEmpty = true;
            }

            line += isEmpty ? word : $" {word}";
            isEmpty = false;
        }

        _lines.Add(line.TrimEnd());
    }
}
