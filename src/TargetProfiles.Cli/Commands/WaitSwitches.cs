using System.CommandLine;
using System.CommandLine.Parsing;

namespace TargetProfiles.Cli.Commands;

/// <summary>The options that say whether and how long to wait for batches to be processed.</summary>
internal sealed class WaitSwitches
{
    private const int SecondsOfAWeek = 7 * 86_400;

    private static readonly BatchStatusOptions Defaults = new();

    private readonly Option<bool> _wait;
    private readonly Option<int> _timeout = ConnectionSwitches.Number("--timeout-sec", "Seconds to wait for a batch, or for the rows of --canary.", (int)Defaults.Timeout.TotalSeconds);
    private readonly Option<int> _pollInterval = ConnectionSwitches.Number("--poll-interval-sec", "Seconds between two questions about a batch, at most; the first pauses are shorter.", (int)Defaults.PollInterval.TotalSeconds);

    private readonly Option<double> _maximumLossRate = new("--maximum-loss-rate")
    {
        Description = "Share of the rows, 0 to 1, that may be in none of Target's counts; more is an error.",
        HelpName = "RATE",
        DefaultValueFactory = _ => Defaults.MaximumLossRate,
    };

    public WaitSwitches(Command command, string description)
    {
        _wait = new Option<bool>("--wait") { Description = description };
        ConnectionSwitches.AcceptFrom(_timeout, 0, SecondsOfAWeek);
        ConnectionSwitches.AcceptFrom(_pollInterval, 1, SecondsOfAWeek);
        command.Add(_wait);
        command.Add(_timeout);
        command.Add(_pollInterval);
        command.Add(_maximumLossRate);
        _maximumLossRate.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0 and <= 1))
                result.AddError($"{_maximumLossRate.Name} takes a number from 0 to 1: 0.001 is one row in a thousand.");
        });
    }

    public bool IsAsked(ParseResult parsed) => parsed.GetValue(_wait);

    public bool IsAsked(CommandResult parsed) => parsed.GetValue(_wait);

    public BatchStatusOptions Read(ParseResult parsed, bool isDetailed, bool wait) => new()
    {
        Detailed = isDetailed,
        Wait = wait,
        Timeout = TimeSpan.FromSeconds(parsed.GetValue(_timeout)),
        PollInterval = TimeSpan.FromSeconds(parsed.GetValue(_pollInterval)),
        MaximumLossRate = parsed.GetValue(_maximumLossRate),
    };
}
