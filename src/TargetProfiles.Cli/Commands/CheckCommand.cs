using System.CommandLine;
using Spectre.Console;
using TargetProfiles.Cli.Output;
using TargetProfiles.Sending;

namespace TargetProfiles.Cli.Commands;

/// <summary><c>target-profiles check</c>: the rules of send, on files, without sending.</summary>
internal sealed class CheckCommand : Command
{
    private readonly Argument<string[]> _files = new("FILE") { Description = "CSV files, with wildcards; '-' is standard input.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string[]> _batchPath = new("--batch-path") { Description = "A finished batch file to check, instead of FILE; repeat it for more.", HelpName = "FILE" };
    private readonly RowSwitches _rows;
    private readonly OutputSwitches _output;

    public CheckCommand()
        : base("check", "Checks files by the rules of send, and sends nothing. Needs no client code.")
    {
        Add(_files);
        Add(_batchPath);
        _rows = new RowSwitches(this);
        _output = new OutputSwitches(this);
        _rows.RequireOneSource(this, _files, _batchPath);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        using var interruption = new Interruption();
        var request = new SendRequest
        {
            Files = SourceFiles.Find(parsed.GetValue(_files) ?? [], takesStandardInput: true),
            BatchFiles = SourceFiles.Find(parsed.GetValue(_batchPath) ?? [], takesStandardInput: false),
            Options = new SendOptions
            {
                Mapping = _rows.Mapping(parsed),
                Csv = _rows.Csv(parsed),
                Limits = _rows.Limits(parsed),
                DuplicateIdAction = _rows.DuplicateIds(parsed) ?? DuplicateIdAction.Warn,
                PlanOnly = true,
                TellsEveryFinding = true,
            },
        };
        var lines = new Lines();
        var isJson = _output.IsJson(parsed);
        var report = new SendJob(request, lines, _output.IsVerbose(parsed), RunDisplay.For(lines, isJson), interruption.Token).Run();
        if (isJson)
            JsonOutput.Write(report);
        else if (report.Error is null)
            Tables.Output().WriteLine(Summary(report));
        return report.ExitCode;
    }

    private static string Summary(SendReport report)
    {
        var errors = report.Rejected.Count(finding => finding.Severity == RuleSeverity.Error);
        return CheckText.Of(report.Accounting.Read, errors, report.Rejected.Count - errors);
    }
}
