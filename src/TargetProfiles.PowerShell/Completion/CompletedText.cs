using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;

namespace TargetProfiles.PowerShell.Completion;

/// <summary>What completers offer: texts that begin as the word does, quoted where PowerShell needs it.</summary>
internal static class CompletedText
{
    private static readonly Regex Bare = new(@"^[\p{L}_][\p{L}\p{Nd}_.-]*$", RegexOptions.CultureInvariant);

    public static IEnumerable<CompletionResult> Of(IEnumerable<string> texts, string? word) => texts
        .Where(text => text.StartsWith(word?.Trim('\'', '"') ?? "", StringComparison.OrdinalIgnoreCase))
        .Select(text => new CompletionResult(Quoted(text), text, CompletionResultType.ParameterValue, text));

    public static string Quoted(string text) =>
        Bare.IsMatch(text) ? text : $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";
}
