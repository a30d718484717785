using System.CommandLine;

namespace TargetProfiles.Cli.Commands;

/// <summary>The options that say how results are told.</summary>
internal sealed class OutputSwitches
{
    private readonly Option<bool> _json = new("--json") { Description = "One JSON document on standard output, for scripts." };
    private readonly Option<bool> _verbose = new("--verbose") { Description = "Tell each step." };

    public OutputSwitches(Command command, bool hasSteps = true)
    {
        command.Add(_json);
        if (hasSteps)
            command.Add(_verbose);
    }

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    public bool IsVerbose(ParseResult parsed) => parsed.GetValue(_verbose);
}
