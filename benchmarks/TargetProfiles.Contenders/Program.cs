using System.CommandLine;
using TargetProfiles.Contenders;

var rows = new Option<int[]>("--rows") { Description = "Rows of the files.", DefaultValueFactory = _ => [10_000, 1_000_000], AllowMultipleArgumentsPerToken = true };
var runs = new Option<int>("--runs") { Description = "Times that every contender runs; the table shows medians.", DefaultValueFactory = _ => 5 };
var shape = new Option<string[]>("--shape") { Description = $"What the files are like: {string.Join(", ", Shape.Names)}.", DefaultValueFactory = _ => ["usual"], AllowMultipleArgumentsPerToken = true };
var megabits = new Option<int>("--megabits") { Description = "Pace of the sink in Mbit/s; 0 takes what comes.", DefaultValueFactory = _ => 0 };
var only = new Option<string[]>("--only") { Description = "Contenders to run, by a part of the name; the baselines always run.", AllowMultipleArgumentsPerToken = true };
var resume = new Option<bool>("--resume") { Description = "Kill a run at nine tenths, and tell when the same command again sends its first byte." };
var write = new Option<string?>("--write") { Description = "Markdown file to append the tables to." };

var command = new RootCommand("Runs every contender in turn against a sink on this machine, several times, and compares the medians.") { rows, runs, shape, megabits, only, resume, write };
command.SetAction(parsed =>
{
    var report = new Report(parsed.GetValue(write));
    report.Begin();
    foreach (var name in parsed.GetValue(shape)!)
    {
        foreach (var count in parsed.GetValue(rows)!)
        {
            using var contest = new Contest(Shape.Named(name), count, parsed.GetValue(megabits));
            report.Add(contest, contest.Run(parsed.GetValue(runs), parsed.GetValue(only) ?? []));
            if (parsed.GetValue(resume))
                report.Add([.. Enumerable.Range(0, parsed.GetValue(runs)).Select(_ => contest.Resume())]);
        }
    }
});
return command.Parse(args).Invoke();
