using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace TargetProfiles.PowerShell.Completion;

/// <summary>Offers a map for each column of the file that stands on the command line already; the attribute name is to be changed.</summary>
public sealed class ColumnMapCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var word = wordToComplete?.TrimStart('@', '{', ' ', '\'', '"') ?? "";
        return FileColumns.Of(fakeBoundParameters)
            .Where(name => name.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Select(name => new CompletionResult($"@{{ '{CodeGeneration.EscapeSingleQuotedStringContent(name)}' = 'attributeName' }}", name, CompletionResultType.ParameterValue, $"Sends column '{name}' by another name."));
    }
}
