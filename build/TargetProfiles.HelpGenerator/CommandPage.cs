namespace TargetProfiles.HelpGenerator;

/// <summary>What a page says about a cmdlet.</summary>
/// <param name="Header">Its front matter.</param>
/// <param name="Synopsis">One sentence.</param>
/// <param name="Syntaxes">Its parameter sets, in the page's order.</param>
/// <param name="Description">Paragraphs.</param>
/// <param name="Examples">Examples, in the page's order.</param>
/// <param name="Parameters">Parameters, in the page's order.</param>
/// <param name="Inputs">What comes down the pipeline.</param>
/// <param name="Outputs">What is written.</param>
/// <param name="Notes">Paragraphs.</param>
/// <param name="Links">Where to read on.</param>
internal sealed record CommandPage(
    CommandPageHeader Header,
    string Synopsis,
    IReadOnlyList<CommandSyntax> Syntaxes,
    IReadOnlyList<string> Description,
    IReadOnlyList<CommandExample> Examples,
    IReadOnlyList<CommandParameter> Parameters,
    IReadOnlyList<DescribedType> Inputs,
    IReadOnlyList<DescribedType> Outputs,
    IReadOnlyList<string> Notes,
    IReadOnlyList<PageLink> Links);

/// <summary>A parameter set as the page's SYNTAX shows it.</summary>
/// <param name="SetName">Its name.</param>
/// <param name="IsDefault">True if it is marked as the default.</param>
/// <param name="Text">The syntax in one line.</param>
/// <param name="Parameters">Its parameters, in the order of the syntax.</param>
internal sealed record CommandSyntax(string SetName, bool IsDefault, string Text, IReadOnlyList<SyntaxParameter> Parameters);

/// <summary>A parameter in a syntax.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ValueType">What stands between angle brackets; null for a switch.</param>
internal sealed record SyntaxParameter(string Name, string? ValueType);

/// <summary>An example.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Introduction">Paragraphs before the code.</param>
/// <param name="Code">The commands.</param>
/// <param name="Remarks">Paragraphs after the code.</param>
internal sealed record CommandExample(string Title, IReadOnlyList<string> Introduction, string Code, IReadOnlyList<string> Remarks);

/// <summary>A parameter.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">Paragraphs.</param>
/// <param name="Attributes">What its YAML block says.</param>
internal sealed record CommandParameter(string Name, IReadOnlyList<string> Description, ParameterAttributes Attributes);

/// <summary>A type of the pipeline.</summary>
/// <param name="TypeName">Its full name.</param>
/// <param name="Description">Paragraphs.</param>
internal sealed record DescribedType(string TypeName, IReadOnlyList<string> Description);

/// <summary>A link.</summary>
/// <param name="Text">What is shown.</param>
/// <param name="Address">Where it leads.</param>
internal sealed record PageLink(string Text, string Address);
