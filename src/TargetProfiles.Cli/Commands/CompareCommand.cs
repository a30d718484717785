using System.CommandLine;
using TargetProfiles.Cli.Output;

namespace TargetProfiles.Cli.Commands;

/// <summary><c>target-profiles compare</c>: rows of CSV files held against the profiles that Target has.</summary>
internal sealed class CompareCommand : Command
{
    private const int SecondsOfAWeek = 7 * 86_400;

    private static readonly CompareOptions Defaults = new();

    private readonly Argument<string[]> _files = new("FILE") { Description = "CSV files that were sent, with wildcards; '-' is standard input.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<int?> _sampleSize = new("--sample-size") { Description = "Rows to compare, evenly chosen. Default: all.", HelpName = "N" };
    private readonly Option<int> _seed = ConnectionSwitches.Number("--seed", "Chooses the sample: the same number chooses the same rows.", Defaults.Seed);
    private readonly Option<int> _timeout = ConnectionSwitches.Number("--timeout-sec", "Seconds to look again at rows that do not match; 0 looks once.", (int)Defaults.Timeout.TotalSeconds);
    private readonly Option<int> _throttleLimit = ConnectionSwitches.Number("--throttle-limit", "Profiles fetched at a time, 1 to 64. Fetches do not count against the calls a minute.", Defaults.ThrottleLimit);
    private readonly Option<bool> _includeEqual = new("--include-equal") { Description = "List rows that match, too." };
    private readonly Option<string?> _journalPath = ConnectionSwitches.Text("--journal-path", "FILE", "The journal of the send; the counts are added to it.");
    private readonly RowSwitches _rows;
    private readonly ConnectionSwitches _connection;
    private readonly OutputSwitches _output;

    public CompareCommand()
        : base("compare", "Fetches the profiles of rows and compares them with what was sent.")
    {
        ConnectionSwitches.AcceptFrom(_timeout, 0, SecondsOfAWeek);
        Add(_files);
        Add(_sampleSize);
        Add(_seed);
        Add(_timeout);
        Add(_throttleLimit);
        Add(_includeEqual);
        Add(_journalPath);
        _rows = new RowSwitches(this, makesBatches: false);
        _connection = new ConnectionSwitches(this);
        _output = new OutputSwitches(this);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        var files = SourceFiles.Find(parsed.GetValue(_files)!, takesStandardInput: true);
        var options = new CompareOptions
        {
            Mapping = _rows.Mapping(parsed),
            Csv = _rows.Csv(parsed),
            DuplicateIdAction = _rows.DuplicateIds(parsed),
            SampleSize = parsed.GetValue(_sampleSize),
            Seed = parsed.GetValue(_seed),
            Timeout = TimeSpan.FromSeconds(parsed.GetValue(_timeout)),
            ThrottleLimit = parsed.GetValue(_throttleLimit),
            JournalPath = parsed.GetValue(_journalPath) is string path ? SourceFiles.ToRead(path) : null,
        };
        using var interruption = new Interruption();
        using var connection = new TargetConnection(_connection.Read(parsed));
        var lines = new Lines();
        var isJson = _output.IsJson(parsed);
        using var output = CompareOutput.For(isJson);
        var job = new CompareJob(files, options, connection, output, lines, parsed.GetValue(_includeEqual), _output.IsVerbose(parsed), RunDisplay.For(lines, isJson), interruption.Token);
        var report = job.Run();
        output.Write(report);
        return report.ExitCode;
    }
}
