using System.Globalization;
using TargetProfiles.Sending.Journal;

namespace TargetProfiles.Sending;

/// <summary>
/// A command that takes rows as a run took them, to be pasted: without the run's settings, a column could go out that the run
/// kept back, or unhashed, or a value to someone else. What the journal cannot tell stands there as a gap that no shell takes.
/// </summary>
public sealed class RunCommand
{
    private const string Gap = "<as in the run>";

    // The rows of a file of ours; it has a header, no footer, and is UTF-8.
    private static readonly string[] RowSettings =
        ["-IdProperty", "-IdType", "-Property", "-ExcludeProperty", "-PropertyMap", "-HashProperty", "-NullText", "-ExcludeRule", "-ListSeparator", "-DuplicateIdAction", "-Delimiter"];

    private static readonly HashSet<string> Lists = ["-Property", "-ExcludeProperty", "-PropertyMap", "-HashProperty", "-NullText", "-ExcludeRule", "-Header"];

    private static readonly Dictionary<string, string> Defaults = new(StringComparer.Ordinal) { ["-ListSeparator"] = "|", ["-SkipFooter"] = "0" };

    private RunCommand(string powerShell, string commandLine)
    {
        PowerShell = powerShell;
        CommandLine = commandLine;
    }

    /// <summary>As PowerShell takes it.</summary>
    public string PowerShell { get; }

    /// <summary>As <c>target-profiles</c> takes it.</summary>
    public string CommandLine { get; }

    /// <summary>Sends files that were written from the rows of a run.</summary>
    /// <param name="settings">The settings of the run.</param>
    /// <param name="paths">The files.</param>
    /// <param name="delimiters">What stands between their fields; null for what the settings say.</param>
    internal static RunCommand Send(IReadOnlyDictionary<string, string> settings, IReadOnlyList<string> paths, IReadOnlyCollection<char>? delimiters = null)
    {
        var command = Start("Send-TargetProfileBatch", "send", paths);
        foreach (var name in RowSettings)
        {
            if (name != "-Delimiter" || delimiters is null)
                command = command.With(settings, name);
            else if (delimiters.Count > 1)
                command = command.With(name, Gap, Gap);
            else if (delimiters.Single() is var delimiter && delimiter != ',')
                command = command.WithDelimiter(delimiter.ToString());
        }

        return command.With(settings, "-ApiVersion");
    }

    /// <summary>Compares a sample of the files of a run.</summary>
    internal static RunCommand Compare(IReadOnlyDictionary<string, string> settings, IReadOnlyList<string> paths, int sampleSize, string journalPath)
    {
        var size = sampleSize.ToString(CultureInfo.InvariantCulture);
        var command = Start("Compare-TargetProfile", "compare", paths).With("-SampleSize", size, size).WithPath("-JournalPath", journalPath);
        return RowSettings.Concat(["-Encoding", "-Header", "-SkipFooter"]).Aggregate(command, (soFar, name) => soFar.With(settings, name));
    }

    /// <summary>Asks for the statuses of a journal's batches.</summary>
    internal static RunCommand Status(string journalPath) => new RunCommand("Get-TargetBatchStatus", "target-profiles status").WithPath("-JournalPath", journalPath);

    /// <summary>The command of the run, with the options that are known to whoever gave it left out.</summary>
    internal static RunCommand Again(string journalPath) => new RunCommand("Send-TargetProfileBatch ...", "target-profiles send ...").WithPath("-JournalPath", journalPath);

    internal RunCommand With(string switchName) => new($"{PowerShell} {switchName}", $"{CommandLine} {Kebab(switchName)}");

    internal RunCommand WithPath(string name, string path) => With(name, ShellText.PowerShell(path), ShellText.CommandLine(path));

    private static RunCommand Start(string cmdlet, string verb, IReadOnlyList<string> paths) => new(
        $"{cmdlet} -LiteralPath {string.Join(", ", paths.Select(ShellText.PowerShell))}",
        $"target-profiles {verb} {string.Join(" ", paths.Select(path => ShellText.CommandLine(IsTakenForOption(path) ? $"./{path}" : path)))}");

    private RunCommand With(string name, string powerShell, string commandLine) => new($"{PowerShell} {name} {powerShell}", $"{CommandLine} {Kebab(name)} {commandLine}");

    private RunCommand With(IReadOnlyDictionary<string, string> settings, string name)
    {
        if (!settings.TryGetValue(name, out var value) || value.Length == 0 || (Defaults.TryGetValue(name, out var usual) && value == usual))
            return this;
        if (name == "-Delimiter")
            return WithDelimiter(value);
        var values = Lists.Contains(name) ? RunSettings.List(settings, name) : [value];
        if (name == "-PropertyMap")
            return WithMap(values);
        return new(
            $"{PowerShell} {name} {string.Join(", ", values.Select(ShellText.PowerShell))}",
            // Commas part names there.
            name == "-Header" && values.Any(header => header.IndexOf(',') >= 0)
                ? $"{CommandLine} {Kebab(name)} {Gap}"
                : CommandLine + string.Concat(values.Select(text => OnCommandLine(name, name is "-IdType" or "-DuplicateIdAction" or "-ApiVersion" ? Lower(text) : text))));
    }

    private RunCommand WithDelimiter(string delimiter) => delimiter == "\t" ? With("-Delimiter", "\"`t\"", "tab") : With("-Delimiter", ShellText.PowerShell(delimiter), ShellText.CommandLine(delimiter));

    private RunCommand WithMap(string[] pairs)
    {
        var parts = pairs.Select(pair => pair.Split('=')).ToList();
        return parts.Exists(part => part.Length != 2)
            ? With("-PropertyMap", Gap, Gap)
            : new(
                $"{PowerShell} -PropertyMap @{{ {string.Join("; ", parts.Select(part => $"{ShellText.PowerShellQuoted(part[0])} = {ShellText.PowerShellQuoted(part[1])}"))} }}",
                CommandLine + string.Concat(pairs.Select(pair => OnCommandLine("-PropertyMap", pair))));
    }

    private static string OnCommandLine(string name, string value) => $" {Kebab(name)}{(IsTakenForOption(value) ? '=' : ' ')}{ShellText.CommandLine(value)}";

    private static bool IsTakenForOption(string text) => text.Length > 0 && text[0] is '-' or '@';

    private static string Lower(string name) => char.ToLowerInvariant(name[0]) + name.Substring(1);

    // -IdProperty becomes --id-property.
    private static string Kebab(string name) => string.Concat(name.Select(c => char.IsUpper(c) ? $"-{char.ToLowerInvariant(c)}" : $"{c}"));
}
