using System.CommandLine;

namespace TargetProfiles.Cli.Commands;

/// <summary><c>target-profiles report</c>: a journal as a page that people read.</summary>
internal sealed class ReportCommand : Command
{
    private readonly Argument<string> _journal = new("FILE") { Description = "The journal of a run, which may be going on." };
    private readonly Option<string> _path = new("--path") { Description = "The HTML page to write.", HelpName = "FILE", Required = true };
    private readonly Option<bool> _force = new("--force") { Description = "Replace a file of that name." };

    public ReportCommand()
        : base("report", "Writes what a journal says of a run as one HTML page, with pictures, and prints its path.")
    {
        Add(_journal);
        Add(_path);
        Add(_force);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        var path = SourceFiles.ToWrite(parsed.GetValue(_path)!);
        TargetProfileReport.Export(SourceFiles.ToRead(parsed.GetValue(_journal)!), path, parsed.GetValue(_force));
        Console.Out.WriteLine(path);
        return ExitCode.Success;
    }
}
