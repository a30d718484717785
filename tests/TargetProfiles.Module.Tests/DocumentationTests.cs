using System.Text.RegularExpressions;
using Xunit;

namespace TargetProfiles.Module.Tests;

public sealed class DocumentationTests
{
    [Fact]
    public void Every_rule_has_its_section_and_every_section_its_rule()
    {
        var code = File.ReadAllText(Path.Combine(Repository.Root, "src", "TargetProfiles.Core", "Profiles", "RowRule.cs"));
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "rules.md"));
        var rules = Regex.Matches(code, """(Always|ByDefault|Warns)\("([a-z.-]+)",""").Select(match => (Id: match.Groups[2].Value, Kind: match.Groups[1].Value)).ToList();
        var sections = Regex.Matches(page, """^### (\S+)\n\n(Error, always|Error; can|Warning; can)""", RegexOptions.Multiline)
            .Select(match => (Id: match.Groups[1].Value, Kind: match.Groups[2].Value switch { "Error, always" => "Always", "Error; can" => "ByDefault", _ => "Warns" }));
        Assert.NotEmpty(rules);
        Assert.Equal(rules.Order(), sections.Order());
    }

    [Fact]
    public void Every_record_of_a_journal_and_every_member_stands_on_the_page()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "journal.md"));
        var sections = Regex.Matches(page, @"^### (`[^\n]*`)\n(.*?)(?=^##)", RegexOptions.Multiline | RegexOptions.Singleline)
            .ToDictionary(match => string.Join(" ", Quoted(match.Groups[1].Value)), match => Regex.Matches(match.Groups[2].Value, @"^\| `(\w+)` \|", RegexOptions.Multiline).Select(row => row.Groups[1].Value));
        var code = Directory.GetFiles(Path.Combine(Repository.Root, "src", "TargetProfiles.Core", "Sending", "Journal"), "*.cs")
            .ToDictionary(path => Path.GetFileNameWithoutExtension(path), File.ReadAllText);
        foreach (var (name, text) in code.Where(file => file.Key.EndsWith("Record", StringComparison.Ordinal) && file.Key != "JournalRecord"))
        {
            string[] parts = name == "CoverRecord" ? [text, code["CoveredRange"], code["RejectedRange"]] : [text];
            var type = Regex.Match(text, @"JournalRecord\(""(\w+)""\)") is { Success: true } match
                ? match.Groups[1].Value
                : string.Join(" ", Regex.Matches(text, @"public const string \w+ = ""(\w+)""").Select(constant => constant.Groups[1].Value));
            Assert.True(sections.Remove(type, out var members), $"There is no section for {type}.");
            Assert.Equal(parts.SelectMany(part => Regex.Matches(part, @"json\.Write\w+\(""(\w+)""").Select(written => written.Groups[1].Value)), members);
        }

        Assert.Empty(sections);
    }

    [Fact]
    public void Every_fact_that_the_code_names_stands_on_the_page()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "service-facts.md"));
        var named = Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(path => path.Contains("TargetProfiles.Core", StringComparison.Ordinal) && !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(path => Regex.Matches(File.ReadAllText(path), @"\bfact (\d\.\d+)").Select(match => match.Groups[1].Value))
            .Distinct();
        Assert.All(named, fact => Assert.Contains($"| {fact} |", page));
    }

    private static IEnumerable<string> Quoted(string text) => Regex.Matches(text, "`(\\w+)`").Select(match => match.Groups[1].Value);
}
