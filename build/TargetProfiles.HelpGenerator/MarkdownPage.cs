using Markdig;
using Markdig.Extensions.Yaml;
using Markdig.Syntax;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace TargetProfiles.HelpGenerator;

/// <summary>A markdown file, parsed.</summary>
internal sealed class MarkdownPage
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UseYamlFrontMatter().UsePipeTables().Build();
    private static readonly IDeserializer Yaml = new DeserializerBuilder().WithEnforceRequiredMembers().WithDuplicateKeyChecking().Build();

    private readonly string _path;

    /// <summary>Reads and parses a file.</summary>
    public MarkdownPage(string path)
    {
        _path = path;
        var document = Markdown.Parse(File.ReadAllText(path), Pipeline);
        FrontMatter = document.OfType<YamlFrontMatterBlock>().FirstOrDefault();
        Blocks = [.. document.Where(block => block is not YamlFrontMatterBlock)];
    }

    /// <summary>The name of the file without its ending.</summary>
    public string Name => Path.GetFileNameWithoutExtension(_path);

    /// <summary>The YAML at the top, if there is any.</summary>
    public YamlFrontMatterBlock? FrontMatter { get; }

    /// <summary>Everything else.</summary>
    public IReadOnlyList<Block> Blocks { get; }

    /// <summary>The heading that every page begins with.</summary>
    public HeadingBlock Title() => Blocks is [HeadingBlock { Level: 1 } title, ..] && PlainText.Of(this, title.Inline) == Name
        ? title
        : throw Error(Blocks is [var first, ..] ? first : null, $"The page must begin with '# {Name}'.");

    /// <summary>The error for something that is not as it must be.</summary>
    public PageException Error(MarkdownObject? at, string message, int linesBelow = 0) => new(_path, (at?.Line ?? 0) + 1 + linesBelow, message);

    /// <summary>Reads the YAML of a block.</summary>
    public T ReadYaml<T>(LeafBlock block)
    {
        try
        {
            return Yaml.Deserialize<T>(block.Lines.ToString()) ?? throw Error(block, "This block is empty.");
        }
        catch (YamlException e)
        {
            throw Error(block, e.InnerException?.Message ?? e.Message, linesBelow: (int)e.Start.Line);
        }
    }
}
