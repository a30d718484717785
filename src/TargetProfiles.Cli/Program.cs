using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using TargetProfiles.Cli.Commands;
using TargetProfiles.Cli.Output;

if (OperatingSystem.IsWindows())
    Console.OutputEncoding = new UTF8Encoding(false);
// What hashes takes a while to load, and a send needs it soon.
if (args is ["send", ..])
    _ = Task.Run(() => SHA256.HashData([]));
TerminalWriter.Install();

var root = new RootCommand("Gets visitor profile data into Adobe Target, and tells where every row went.");
foreach (var command in Commands(args))
    root.Add(command);

// No response files: an id may begin with '@'.
var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
var lines = new Lines();
if (parsed.Errors.Count > 0)
{
    var exitCode = Fail([.. parsed.Errors.Select(error => error.Message)], ExitCode.Usage);
    lines.Note($"'{Names.CommandOf(parsed)} --help' shows how.");
    return exitCode;
}

try
{
    // Signals are the commands' own: a run that is interrupted still tells what was accepted.
    return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
}
catch (OperationCanceledException)
{
    return Fail(["Interrupted."], ExitCode.Interrupted);
}
#pragma warning disable CA1031 // one line instead of a stack trace, whatever it was
catch (Exception e)
{
    return Fail([Failures.Text(e)], Failures.ExitCodeOf(e));
}
#pragma warning restore CA1031

// A script that reads the document finds the error there too.
int Fail(IReadOnlyList<string> errors, int exitCode)
{
    foreach (var error in errors)
        lines.Error(error);
    if (OutputSwitches.AsksForJson(parsed))
        JsonOutput.WriteError(exitCode, string.Join(" ", errors));
    return exitCode;
}

// A send is to begin at once, so nothing is made that it does not need.
static IEnumerable<Command> Commands(string[] args) => args is ["send", ..]
    ? [new SendCommand()]
    : [new SendCommand(), new CheckCommand(), new StatusCommand(), new JournalCommand(), new ReportCommand(), new GetCommand(), new CompareCommand(), new EmulatorCommand()];
