using TargetProfiles.Core.Tests;

// Exit code 0: all passed; 1: some failed; 2: none was run.
return new Session(args).Run();
