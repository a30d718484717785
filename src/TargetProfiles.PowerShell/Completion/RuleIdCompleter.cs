using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using TargetProfiles.Profiles;

namespace TargetProfiles.PowerShell.Completion;

/// <summary>Offers the rules that can be turned off, with what they say.</summary>
public sealed class RuleIdCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        RowRule.All
            .Where(rule => rule.CanBeExcluded && rule.Id.StartsWith(wordToComplete ?? "", StringComparison.OrdinalIgnoreCase))
            .Select(rule => new CompletionResult(rule.Id, rule.Id, CompletionResultType.ParameterValue, rule.Requirement));
}
