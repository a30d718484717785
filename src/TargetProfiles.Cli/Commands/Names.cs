using System.CommandLine;
using System.Text;

namespace TargetProfiles.Cli.Commands;

/// <summary>Names as the command line writes them.</summary>
internal static class Names
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

    /// <summary>The words that led to a command, such as <c>target-profiles send</c>.</summary>
    public static string CommandOf(ParseResult parsed) =>
        parsed.CommandResult.Command is RootCommand root ? root.Name : $"target-profiles {parsed.CommandResult.Command.Name}";
}
