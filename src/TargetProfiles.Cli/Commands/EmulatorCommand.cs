using System.CommandLine;
using System.CommandLine.Help;
using TargetProfiles.Cli.Output;
using TargetProfiles.Emulator;

namespace TargetProfiles.Cli.Commands;

/// <summary><c>target-profiles emulator</c>: the service on this machine, until it is stopped.</summary>
internal sealed class EmulatorCommand : Command
{
    private readonly Option<string?> _tokenFile = ConnectionSwitches.Text("--token-file", "FILE", "File that holds the token to require. Default: none is required.");
    private readonly EmulatorSwitches _switches;

    public EmulatorCommand()
        : base("emulator", "Serves Target's Profile APIs on this machine until stopped, and prints its endpoint.")
    {
        _switches = new EmulatorSwitches(this);
        Add(_tokenFile);
        Add(new HelpOption { Action = new EmulatorHelp(_switches) });
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        var options = new EmulatorOptions();
        _switches.Apply(parsed, options);
        if (parsed.GetValue(_tokenFile) is string file)
            options.Token = ConnectionSwitches.TokenIn(file);
        var lines = new Lines();
        using var interruption = new Interruption();
        try
        {
            using var emulator = TargetEmulator.Start(options);
            Console.Out.WriteLine(emulator.Endpoint.GetLeftPart(UriPartial.Authority));
            Console.Out.Flush();
            lines.Note($"Client code '{emulator.ClientCode}'. Ctrl+C stops it.");
            interruption.Token.WaitHandle.WaitOne();
            return ExitCode.Success;
        }
        catch (InvalidOperationException e)
        {
            lines.Error(e.Message);
            return ExitCode.Usage;
        }
    }
}
