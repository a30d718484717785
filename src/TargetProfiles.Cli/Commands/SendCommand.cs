using System.CommandLine;
using TargetProfiles.Cli.Output;
using TargetProfiles.Emulator;

namespace TargetProfiles.Cli.Commands;

/// <summary><c>target-profiles send</c>: CSV files, standard input or finished batch files to the service.</summary>
internal sealed class SendCommand : Command
{
    /// <summary>Profiles fetched back from the embedded emulator.</summary>
    private const int SampleSize = 25;

    private readonly Argument<string[]> _files = new("FILE") { Description = "CSV files, with wildcards; '-' is standard input.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string[]> _batchPath = new("--batch-path") { Description = "A finished batch file to send as it is, instead of FILE; repeat it for more.", HelpName = "FILE" };
    private readonly Option<string?> _apiVersion = ConnectionSwitches.Text("--api-version", "VERSION", "v1 updates profiles that exist; v2, the default, creates the others too.");
    private readonly Option<int> _throttleLimit = ConnectionSwitches.Number("--throttle-limit", "Batches sent at a time, 1 to 16.", new SendOptions().ThrottleLimit);
    private readonly Option<string?> _rejectedPath = ConnectionSwitches.Text("--rejected-path", "FILE", "Write rejected rows there, with the reason, to be corrected and sent again. A file that exists is not written to.");
    private readonly Option<long?> _maxRejected = new("--max-rejected") { Description = "Rejected rows after which the run stops.", HelpName = "N" };
    private readonly Option<string?> _journalPath = ConnectionSwitches.Text("--journal-path", "FILE", "Record there what was accepted, so that the same command goes on where this one ended.");
    private readonly Option<string?> _failedPath = ConnectionSwitches.Text("--failed-path", "FILE", "Write the rows of refused, failed and stuck batches there, to be sent again; with --journal-path and --wait. A file that exists is not written to.");
    private readonly Option<bool> _restart = new("--restart") { Description = "Move the journal aside and begin anew, whatever it says." };
    private readonly Option<bool> _resend = new("--resend") { Description = "Send again what the journal says was sent to the end." };
    private readonly Option<int?> _canary = new("--canary") { Description = "Rows to send first, alone: the others follow only once these have been fetched back and hold what was sent, within --timeout-sec.", HelpName = "N" };
    private readonly Option<bool> _whatIf = new("--what-if") { Description = "Read and check everything and tell the plan; send nothing." };
    private readonly Option<bool> _emulator = new("--emulator") { Description = "Start the embedded emulator, send there, wait, and fetch some profiles back to compare." };
    private readonly RowSwitches _rows;
    private readonly ConnectionSwitches _connection;
    private readonly WaitSwitches _waiting;
    private readonly OutputSwitches _output;

    public SendCommand()
        : base("send", "Sends the rows of CSV files as batches, and tells where every row went.")
    {
        _apiVersion.AcceptOnlyFromAmong("v1", "v2");
        Add(_files);
        Add(_batchPath);
        _rows = new RowSwitches(this);
        Add(_rejectedPath);
        Add(_maxRejected);
        Add(_journalPath);
        Add(_failedPath);
        Add(_restart);
        Add(_resend);
        Add(_apiVersion);
        Add(_throttleLimit);
        Add(_canary);
        Add(_whatIf);
        Add(_emulator);
        _waiting = new WaitSwitches(this, "Wait until Target has processed every batch.");
        _connection = new ConnectionSwitches(this);
        _output = new OutputSwitches(this);
        _rows.RequireOneSource(this, _files, _batchPath);
        RequireJournal();
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        var files = SourceFiles.Find(parsed.GetValue(_files) ?? [], takesStandardInput: true);
        var batchFiles = SourceFiles.Find(parsed.GetValue(_batchPath) ?? [], takesStandardInput: false);
        var isPlan = parsed.GetValue(_whatIf);
        var usesEmulator = parsed.GetValue(_emulator);
        if (usesEmulator && _connection.HasEndpoint(parsed))
            throw new ArgumentException("--emulator brings its own endpoint; leave --endpoint away.");

        var options = new SendOptions
        {
            Mapping = _rows.Mapping(parsed),
            Csv = _rows.Csv(parsed),
            Limits = _rows.Limits(parsed),
            DuplicateIdAction = _rows.DuplicateIds(parsed),
            ApiVersion = parsed.GetValue(_apiVersion) switch { "v1" => ProfileApiVersion.V1, "v2" => ProfileApiVersion.V2, _ => null },
            ThrottleLimit = parsed.GetValue(_throttleLimit),
            RejectedPath = SourceFiles.ToWrite(parsed.GetValue(_rejectedPath)),
            JournalPath = SourceFiles.ToWrite(parsed.GetValue(_journalPath)),
            Restart = parsed.GetValue(_restart),
            Resend = parsed.GetValue(_resend),
            MaxRejected = parsed.GetValue(_maxRejected),
            Canary = parsed.GetValue(_canary),
            CanaryTimeout = _waiting.Read(parsed, isDetailed: false, wait: true).Timeout,
            SampleSize = usesEmulator ? SampleSize : 0,
            CallsPerMinute = _connection.CallsPerMinute(parsed),
            PlanOnly = isPlan,
        };

        using var interruption = new Interruption();
        using var emulator = usesEmulator && !isPlan ? StartEmulator(parsed) : null;
        using var connection = isPlan && !_connection.HasClientCode(parsed) ? null : new TargetConnection(_connection.Read(parsed, emulator));
        var request = new SendRequest
        {
            Files = files,
            BatchFiles = batchFiles,
            Options = options,
            Connection = connection,
            Emulator = emulator,
            FailedPath = isPlan ? null : SourceFiles.ToWrite(parsed.GetValue(_failedPath)),
            Waiting = !isPlan && (usesEmulator || _waiting.IsAsked(parsed)) ? _waiting.Read(parsed, isDetailed: true, wait: true) : null,
        };
        return Send(parsed, request, interruption.Token);
    }

    private int Send(ParseResult parsed, SendRequest request, CancellationToken cancellation)
    {
        var lines = new Lines();
        var isJson = _output.IsJson(parsed);
        if (request.Emulator is not null)
            lines.Note($"Emulator of '{request.Emulator.ClientCode}' at {request.Emulator.Endpoint.GetLeftPart(UriPartial.Authority)}");
        var report = new SendJob(request, lines, _output.IsVerbose(parsed), RunDisplay.For(lines, isJson), cancellation).Run();
        if (isJson)
            JsonOutput.Write(report);
        else if (report.ExitCode != ExitCode.Interrupted && (report.Error is null || report.Accounting.Read > 0))
            SendTables.Write(report);
        if (report.ExitCode == ExitCode.Interrupted)
            TellInterrupted(report, request.Options.JournalPath is not null, lines);
        return report.ExitCode;
    }

    private static void TellInterrupted(SendReport report, bool hasJournal, Lines lines)
    {
        lines.Note(SendTables.Balance(report.Accounting));
        if (SendTables.Accepted(report) is string accepted)
            lines.Note(accepted);
        if (hasJournal)
            lines.Note("The same command goes on where this one ended.");
    }

    private void RequireJournal() => Validators.Add(result =>
    {
        if (result.GetValue(_journalPath) is null && (result.GetValue(_restart) || result.GetValue(_resend)))
            result.AddError($"{_restart.Name} and {_resend.Name} say what to do with a journal. Add {_journalPath.Name} FILE, or leave them away.");
        if (result.GetValue(_failedPath) is not null && (result.GetValue(_journalPath) is null || !(_waiting.IsAsked(result) || result.GetValue(_emulator))))
            result.AddError($"{_failedPath.Name} needs {_journalPath.Name} FILE, which knows where rows stand, and --wait, since it is known only then what failed.");
    });

    // Without a limit of calls, the emulator must not have one either.
    private TargetEmulator StartEmulator(ParseResult parsed)
    {
        var options = new EmulatorOptions { ThrottleEnabled = _connection.IsLimited(parsed) };
        if (_connection.ClientCode(parsed) is string code)
            options.ClientCode = code;
        return TargetEmulator.Start(options);
    }
}
