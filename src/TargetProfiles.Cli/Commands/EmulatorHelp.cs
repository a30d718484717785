using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Xml.Linq;
using TargetProfiles.Emulator;

namespace TargetProfiles.Cli.Commands;

/// <summary>Help that tells of each emulator option what the emulator's own documentation says; read only when asked for.</summary>
internal sealed class EmulatorHelp(EmulatorSwitches switches) : SynchronousCommandLineAction
{
    private const string Prefix = "P:TargetProfiles.Emulator.EmulatorOptions.";

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var file = Path.Combine(AppContext.BaseDirectory, $"{typeof(EmulatorOptions).Assembly.GetName().Name}.xml");
        if (File.Exists(file))
            switches.Describe(Summaries(file));
        return new HelpAction().Invoke(parseResult);
    }

    private static Dictionary<string, string> Summaries(string file) => XDocument.Load(file).Descendants("member")
        .Where(member => member.Attribute("name")?.Value.StartsWith(Prefix, StringComparison.Ordinal) == true)
        .ToDictionary(member => member.Attribute("name")!.Value[Prefix.Length..], member => Text(member.Element("summary")));

    private static string Text(XElement? summary)
    {
        foreach (var reference in summary?.Descendants("see").ToList() ?? [])
        {
            var name = reference.Attribute("cref")?.Value ?? "";
            var member = name[(name.LastIndexOf('.') + 1)..];
            reference.ReplaceWith(name.StartsWith(Prefix, StringComparison.Ordinal) ? $"--{Names.Kebab(member)}" : member);
        }

        return string.Join(' ', (summary?.Value ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
