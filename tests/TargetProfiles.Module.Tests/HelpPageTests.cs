using System.Globalization;
using System.Text.RegularExpressions;
using TargetProfiles.HelpGenerator;
using Xunit;

namespace TargetProfiles.Module.Tests;

/// <summary>The pages in docs/en-US say what the cmdlets are, no more and no less.</summary>
public sealed class HelpPageTests
{
    private const string ProjectPages = "https://github.com/targetprofiles/TargetProfiles/blob/main/";

    private static readonly string Folder = Path.Combine(Repository.Root, "docs", "en-US");

    public static TheoryData<string> Frameworks => ["net8.0", "netstandard2.0"];

    [Fact]
    public void Every_cmdlet_has_a_page_and_every_page_a_cmdlet()
    {
        var pages = Directory.GetFiles(Folder, "*-*.md").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal);
        Assert.Equal(Manifest.Strings("CmdletsToExport").Order(StringComparer.Ordinal), pages);
    }

    [Fact]
    public void No_page_holds_a_placeholder() => Assert.All(
        Directory.GetFiles(Folder, "*.md"),
        path => Assert.False(Regex.IsMatch(File.ReadAllText(path), @"\{\{\s*(Fill|Add|Insert)"), path));

    [Theory]
    [MemberData(nameof(Frameworks))]
    public void A_page_describes_every_parameter_as_the_code_has_it(string framework) => Assert.All(
        CmdletsOf(framework),
        cmdlet => Assert.Equal(ParametersOf(cmdlet).Order(StringComparer.Ordinal), PageOf(cmdlet.Name).Parameters.Select(Described).Order(StringComparer.Ordinal)));

    [Theory]
    [MemberData(nameof(Frameworks))]
    public void A_page_marks_the_default_set_and_leads_where_the_cmdlet_does(string framework) => Assert.All(CmdletsOf(framework), cmdlet =>
    {
        var page = PageOf(cmdlet.Name);
        Assert.Equal(cmdlet.DefaultParameterSet, page.Syntaxes.SingleOrDefault(syntax => syntax.IsDefault)?.SetName);
        Assert.Equal(cmdlet.HelpUri, page.Header.HelpUri);
        Assert.Equal("TargetProfiles", page.Header.ModuleName);
        Assert.Equal("TargetProfiles.PowerShell.dll-Help.xml", page.Header.ExternalHelpFile);
        Assert.Equal("en-US", page.Header.Locale);
    });

    [Fact]
    public void Links_lead_to_pages() => Assert.All(
        Manifest.Strings("CmdletsToExport").SelectMany(name => PageOf(name).Links),
        link => Assert.True(
            File.Exists(link.Address.StartsWith(ProjectPages, StringComparison.Ordinal) ? Path.Combine(Repository.Root, link.Address[ProjectPages.Length..]) : Path.Combine(Folder, link.Address)),
            link.Address));

    private static IReadOnlyList<CmdletMetadata> CmdletsOf(string framework) =>
        CmdletMetadata.Of(Path.Combine(Repository.StagedBin(framework), "TargetProfiles.PowerShell.dll"));

    private static CommandPage PageOf(string name) => CommandPageReader.Read(new MarkdownPage(Path.Combine(Folder, $"{name}.md")));

    private static IEnumerable<string> ParametersOf(CmdletMetadata cmdlet)
    {
        foreach (var parameter in cmdlet.Parameters)
        {
            var sets = parameter.Sets.Select(set =>
                $"{set.Name ?? "(All)"} {set.Position?.ToString(CultureInfo.InvariantCulture) ?? "Named"} {set.IsMandatory} {set.FromPipeline} {set.FromPipelineByName} {set.FromRemainingArguments}");
            yield return Line(parameter.Name, parameter.Type, parameter.SupportsWildcards, parameter.Aliases, sets);
        }

        if (!cmdlet.SupportsShouldProcess)
            yield break;
        // PowerShell adds these by itself.
        foreach (var (name, alias) in new[] { ("WhatIf", "wi"), ("Confirm", "cf") })
            yield return Line(name, "System.Management.Automation.SwitchParameter", false, [alias], ["(All) Named False False False False"]);
    }

    private static string Described(CommandParameter parameter)
    {
        var attributes = parameter.Attributes;
        var sets = attributes.ParameterSets.Select(set =>
            $"{set.Name} {set.Position} {set.IsRequired} {set.ValueFromPipeline} {set.ValueFromPipelineByPropertyName} {set.ValueFromRemainingArguments}");
        return Line(parameter.Name, attributes.Type, attributes.SupportsWildcards, attributes.Aliases, sets);
    }

    private static string Line(string name, string type, bool supportsWildcards, IEnumerable<string> aliases, IEnumerable<string> sets) =>
        $"{name}: {type}, wildcards {supportsWildcards}, aliases [{string.Join(", ", aliases)}], sets [{string.Join("; ", sets.Order(StringComparer.Ordinal))}]";
}
