using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using TargetProfiles.Rows;

namespace TargetProfiles.PowerShell.Completion;

/// <summary>Offers the usual encodings.</summary>
public sealed class EncodingNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletedText.Of(TextEncodings.Names, wordToComplete);
}
