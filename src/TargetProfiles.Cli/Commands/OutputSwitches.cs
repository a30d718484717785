using System.CommandLine;

namespace TargetProfiles.Cli.Commands;

/// <summary>The options that say how results are told.</summary>
internal sealed class OutputSwitches
{
    private const string Json = "--json";

    private readonly Option<bool> _json = new(Json) { Description = "One JSON document on standard output, for scripts." };
    private readonly Option<bool> _verbose = new("--verbose") { Description = "Tell each step." };

    public OutputSwitches(Command command, bool hasSteps = true)
    {
        command.Add(_json);
        if (hasSteps)
            command.Add(_verbose);
    }

    /// <summary>True if the command line asks for JSON, whatever else is wrong with it.</summary>
    public static bool AsksForJson(ParseResult parsed) =>
        parsed.CommandResult.Command.Options.FirstOrDefault(option => option.Name == Json) is { } json && parsed.GetResult(json) is { Implicit: false };

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    public bool IsVerbose(ParseResult parsed) => parsed.GetValue(_verbose);
}
