using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace TargetProfiles.PowerShell.Completion;

/// <summary>Offers the columns of the file that stands on the command line already.</summary>
public sealed class ColumnNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletedText.Of(FileColumns.Of(fakeBoundParameters), wordToComplete);
}
