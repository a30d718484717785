using System.Text.RegularExpressions;

namespace TargetProfiles.Module.Tests;

/// <summary>The manifest's literal values.</summary>
internal static class Manifest
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.StagedModule, "TargetProfiles.psd1"));

    public static string Version => Regex.Match(Text, @"ModuleVersion\s*=\s*'([^']+)'").Groups[1].Value;

    public static IReadOnlyList<string> Strings(string key)
    {
        var list = Regex.Match(Text, key + @"\s*=\s*@\(([^)]*)\)").Groups[1].Value;
        return [.. Regex.Matches(list, "'([^']+)'").Select(match => match.Groups[1].Value)];
    }
}
