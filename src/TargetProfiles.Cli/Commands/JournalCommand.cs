using System.CommandLine;
using TargetProfiles.Cli.Output;

namespace TargetProfiles.Cli.Commands;

/// <summary><c>target-profiles journal</c>: what a run has had accepted.</summary>
internal sealed class JournalCommand : Command
{
    private readonly Argument<string> _file = new("FILE") { Description = "The journal of a run, which may be going on." };
    private readonly OutputSwitches _output;

    public JournalCommand()
        : base("journal", "Tells what a journal says of a run: its batches, and where every row went.")
    {
        Add(_file);
        _output = new OutputSwitches(this, hasSteps: false);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        var journal = TargetProfileJournal.Read(SourceFiles.ToRead(parsed.GetValue(_file)!));
        if (_output.IsJson(parsed))
            JsonOutput.Write(journal);
        else
            SendTables.Write(journal);
        return journal.IsComplete && journal.Accounting.IsComplete ? ExitCode.Success : ExitCode.NotAllAccepted;
    }
}
