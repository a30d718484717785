using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace TargetProfiles.PowerShell.Completion;

/// <summary>Offers the usual delimiters, quoted as PowerShell needs them.</summary>
public sealed class DelimiterCompleter : IArgumentCompleter
{
    private static readonly (string Text, string Name)[] Delimiters = [("','", "Comma"), ("';'", "Semicolon"), ("\"`t\"", "Tab"), ("'|'", "Vertical bar")];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) => Delimiters
        .Where(delimiter => delimiter.Text.Trim('\'', '"').StartsWith(wordToComplete?.Trim('\'', '"') ?? "", StringComparison.Ordinal))
        .Select(delimiter => new CompletionResult(delimiter.Text, delimiter.Name, CompletionResultType.ParameterValue, delimiter.Name));
}
