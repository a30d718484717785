using System.CommandLine;
using System.Text;
using System.Text.RegularExpressions;

namespace TargetProfiles.Cli.Commands;

/// <summary>Names as the command line writes them.</summary>
internal static partial class Names
{
    /// <summary><c>MaxBatchRows</c> becomes <c>max-batch-rows</c>, <c>V2OverrideMode</c> <c>v2-override-mode</c>.</summary>
    public static string Kebab(string name)
    {
        var kebab = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            if (char.IsUpper(name[i]) && i > 0 && !char.IsUpper(name[i - 1]))
                kebab.Append('-');
            kebab.Append(char.ToLowerInvariant(name[i]));
        }

        return kebab.ToString();
    }

    /// <summary>Respells options in a text of Core's, which writes them as PowerShell does: <c>-IdProperty</c> becomes <c>--id-property</c>.</summary>
    public static string Respelled(string text) => PowerShellOption().Replace(text, match => match.Value switch
    {
        "-Token" => "--token-file",
        "-ProxyCredential" => "--proxy-credential-file",
        "-Delimiter \"`t\"" => "--delimiter tab",
        "Compare-TargetProfile" => "target-profiles compare",
        "-DuplicateIdAction Merge" => "--duplicate-id-action merge",
        var option => $"--{Kebab(option[1..])}",
    });

    // By name, so that a column called '-Foo' keeps its name.
    [GeneratedRegex("""(?<![\w-])(?:Compare-TargetProfile|-(Delimiter "`t"|DuplicateIdAction Merge|(ApiVersion|BatchPath|CallsPerMinute|Canary|ClientCode|Delimiter|DuplicateIdAction|Encoding|Endpoint|ExcludeProperty|ExcludeRule|FailedPath|Force|HashProperty|Header|IdProperty|IdType|JournalPath|ListSeparator|MaxBatchBytes|MaxBatchRows|MaximumLossRate|MaxRejected|NoProxy|NullText|OperationTimeoutSec|Property|PropertyMap|Proxy|ProxyCredential|ProxyUseDefaultCredentials|RejectedPath|Resend|Restart|SampleSize|SkipFooter|ThrottleLimit|TimeoutSec|Token)\b))""")]
    private static partial Regex PowerShellOption();

    /// <summary>The words that led to a command, such as <c>target-profiles send</c>.</summary>
    public static string CommandOf(ParseResult parsed) =>
        parsed.CommandResult.Command is RootCommand root ? root.Name : $"target-profiles {parsed.CommandResult.Command.Name}";
}
