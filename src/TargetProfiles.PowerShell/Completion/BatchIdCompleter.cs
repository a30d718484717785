using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace TargetProfiles.PowerShell.Completion;

/// <summary>Offers the batches that the current connection submitted, newest first.</summary>
public sealed class BatchIdCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletedText.Of((ModuleState.Current?.SubmittedBatchIds ?? []).Reverse(), wordToComplete);
}
