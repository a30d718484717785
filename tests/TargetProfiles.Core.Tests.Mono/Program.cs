using TargetProfiles.Core.Tests;

// Exit code 0: all passed; 1: some failed; 2: none was run.
var exitCode = new Session(args).Run();
Console.Out.Flush();
ProcessEnd.Now(exitCode);
return exitCode;
