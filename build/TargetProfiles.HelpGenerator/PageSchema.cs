using YamlDotNet.Serialization;

namespace TargetProfiles.HelpGenerator;

/// <summary>The front matter of a cmdlet's page, as Microsoft.PowerShell.PlatyPS writes it.</summary>
internal sealed class CommandPageHeader
{
    [YamlMember(Alias = "document type")]
    public required string DocumentType { get; set; }

    [YamlMember(Alias = "external help file")]
    public required string ExternalHelpFile { get; set; }

    public required string HelpUri { get; set; }

    public required string Locale { get; set; }

    [YamlMember(Alias = "Module Name")]
    public required string ModuleName { get; set; }

    [YamlMember(Alias = "ms.date")]
    public required string Date { get; set; }

    [YamlMember(Alias = "PlatyPS schema version")]
    public required string SchemaVersion { get; set; }

    [YamlMember(Alias = "title")]
    public required string Title { get; set; }
}

/// <summary>The YAML block of a parameter.</summary>
internal sealed class ParameterAttributes
{
    public required string Type { get; set; }

    public required string DefaultValue { get; set; }

    public required bool SupportsWildcards { get; set; }

    public required List<string> Aliases { get; set; }

    public required List<ParameterSetAttributes> ParameterSets { get; set; }

    public required bool DontShow { get; set; }

    public required List<string> AcceptedValues { get; set; }

    public required string HelpMessage { get; set; }
}

/// <summary>A parameter as one parameter set has it.</summary>
internal sealed record ParameterSetAttributes
{
    /// <summary>Name of the set; <c>(All)</c> for all of them.</summary>
    public required string Name { get; set; }

    /// <summary>A number from 0, or <c>Named</c>.</summary>
    public required string Position { get; set; }

    public required bool IsRequired { get; set; }

    public required bool ValueFromPipeline { get; set; }

    public required bool ValueFromPipelineByPropertyName { get; set; }

    public required bool ValueFromRemainingArguments { get; set; }
}
