using System.Xml.Linq;
using TargetProfiles.Sending.Journal;

namespace TargetProfiles.Reports;

/// <summary>What was read, by which commands, with which settings.</summary>
internal static class SettingsSection
{
    public static XElement Of(RunHistory run)
    {
        var settings = run.Journal.Settings.Where(setting => setting.Value.Length > 0).ToList();
        return Html.Section(
            "settings",
            "How it was run",
            run.Sources.Count == 0 ? null : Html.Table(
                "Sources",
                ["Source", "Kind", "#Rows"],
                run.Sources.Select(source => new object?[] { source.Name, Kind(source.Kind), run.SourceEnds.TryGetValue(source.Source, out var rows) ? Html.Number(rows) : "not read to its end" })),
            Html.Table(
                "Commands",
                ["#Command", "Began", "Recorded until", "How it ended"],
                run.Commands.Select((command, at) => new object?[] { Html.Number(at + 1), Html.Time(command.StartedAt), Html.Time(command.LastAt), End(command, isLast: at == run.Commands.Count - 1) })),
            settings.Count == 0 ? null : Html.Table("Settings", ["Setting", "Value"], settings.Select(setting => new object?[] { Html.Code(setting.Key), Html.Code(setting.Value) })));
    }

    private static string Kind(string kind) => kind switch
    {
        SourceRecord.Csv => "CSV file",
        SourceRecord.Rows => "rows of a pipeline",
        _ => "finished batch file",
    };

    private static object End(CommandSpan command, bool isLast) =>
        command.EndedInOrder ? "in order" : isLast ? Html.Badge("wait", "interrupted, or going on") : Html.Badge("wait", "interrupted");
}
