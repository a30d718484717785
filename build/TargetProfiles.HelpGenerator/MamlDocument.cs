using System.Xml.Linq;

namespace TargetProfiles.HelpGenerator;

/// <summary>Pages as the MAML that Get-Help reads.</summary>
internal static class MamlDocument
{
    private static readonly XNamespace Msh = "http://msh";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    /// <summary>Makes the document of some cmdlets.</summary>
    public static XDocument Of(IEnumerable<CommandPage> pages) => new(
        new XElement(
            Msh + "helpItems",
            new XAttribute("schema", "maml"),
            new XAttribute(XNamespace.Xmlns + "maml", Maml),
            new XAttribute(XNamespace.Xmlns + "command", Command),
            new XAttribute(XNamespace.Xmlns + "dev", Dev),
            pages.Select(CommandOf)));

    private static XElement CommandOf(CommandPage page)
    {
        var name = page.Header.Title;
        var hyphen = name.IndexOf('-', StringComparison.Ordinal);
        return new XElement(
            Command + "command",
            new XElement(
                Command + "details",
                new XElement(Command + "name", name),
                Text("description", [page.Synopsis]),
                new XElement(Command + "verb", name[..hyphen]),
                new XElement(Command + "noun", name[(hyphen + 1)..])),
            Text("description", page.Description),
            new XElement(Command + "syntax", page.Syntaxes.Select(syntax => SyntaxItem(page, syntax))),
            new XElement(Command + "parameters", page.Parameters.Select(parameter => Parameter(parameter, parameter.Attributes.ParameterSets[0], ValueType(page, parameter), isDescribed: true))),
            new XElement(Command + "inputTypes", page.Inputs.Select(type => TypeOf("inputType", type))),
            new XElement(Command + "returnValues", page.Outputs.Select(type => TypeOf("returnValue", type))),
            page.Notes.Count > 0 ? new XElement(Maml + "alertSet", Text("alert", page.Notes)) : null,
            new XElement(Command + "examples", page.Examples.Select(Example)),
            new XElement(Command + "relatedLinks", Link("Online Version", page.Header.HelpUri), page.Links.Select(link => Link(link.Text, link.Address))));
    }

    private static XElement SyntaxItem(CommandPage page, CommandSyntax syntax) => new(
        Command + "syntaxItem",
        new XElement(Maml + "name", page.Header.Title),
        syntax.Parameters.Select(shown =>
        {
            var parameter = page.Parameters.First(parameter => parameter.Name == shown.Name);
            var sets = parameter.Attributes.ParameterSets;
            return Parameter(parameter, sets.Find(set => set.Name == syntax.SetName) ?? sets[0], shown.ValueType, isDescribed: false);
        }));

    private static XElement Parameter(CommandParameter parameter, ParameterSetAttributes set, string? valueType, bool isDescribed)
    {
        var attributes = parameter.Attributes;
        var values = attributes.AcceptedValues.Select(value => new XElement(Command + "parameterValue", new XAttribute("required", false), new XAttribute("variableLength", false), value));
        return new XElement(
            Command + "parameter",
            new XAttribute("required", set.IsRequired),
            new XAttribute("variableLength", false),
            new XAttribute("globbing", attributes.SupportsWildcards),
            new XAttribute("pipelineInput", PipelineInput(set)),
            new XAttribute("position", set.Position),
            new XAttribute("aliases", attributes.Aliases.Count > 0 ? string.Join(", ", attributes.Aliases) : "none"),
            new XElement(Maml + "name", parameter.Name),
            isDescribed ? Text("description", parameter.Description) : null,
            attributes.AcceptedValues.Count > 0 ? new XElement(Command + "parameterValueGroup", values) : null,
            valueType is null ? null : new XElement(Command + "parameterValue", new XAttribute("required", true), new XAttribute("variableLength", false), valueType),
            new XElement(Dev + "type", new XElement(Maml + "name", attributes.Type)),
            !isDescribed ? null : new XElement(Dev + "defaultValue", attributes.DefaultValue.Length > 0 ? attributes.DefaultValue : "None"));
    }

    private static string PipelineInput(ParameterSetAttributes set) => (set.ValueFromPipeline, set.ValueFromPipelineByPropertyName) switch
    {
        (true, true) => "true (ByValue, ByPropertyName)",
        (true, false) => "true (ByValue)",
        (false, true) => "true (ByPropertyName)",
        _ => "false",
    };

    private static string? ValueType(CommandPage page, CommandParameter parameter) =>
        page.Syntaxes.SelectMany(syntax => syntax.Parameters).First(shown => shown.Name == parameter.Name).ValueType;

    // The empty paragraph is the blank line before the next example.
    private static XElement Example(CommandExample example) => new(
        Command + "example",
        new XElement(Maml + "title", $"--------- {example.Title} ---------"),
        Text("introduction", example.Introduction),
        new XElement(Dev + "code", example.Code),
        new XElement(Dev + "remarks", Paragraphs([.. example.Remarks, ""])));

    private static XElement TypeOf(string element, DescribedType type) => new(
        Command + element,
        new XElement(Dev + "type", new XElement(Maml + "name", type.TypeName)),
        Text("description", type.Description));

    // Another page of the module is found by its name.
    private static XElement Link(string text, string address) => new(
        Maml + "navigationLink",
        new XElement(Maml + "linkText", text),
        new XElement(Maml + "uri", address.Contains("://", StringComparison.Ordinal) ? address : ""));

    private static XElement Text(string element, IReadOnlyList<string> paragraphs) => new(Maml + element, Paragraphs(paragraphs));

    private static IEnumerable<XElement> Paragraphs(IReadOnlyList<string> paragraphs) => paragraphs.Select(paragraph => new XElement(Maml + "para", paragraph));
}
