using System.Management.Automation;

namespace TargetProfiles.PowerShell.Formatting;

/// <summary>Colours of $PSStyle. Windows PowerShell has none, and shows plain text; so does PowerShell 7 where its output is redirected.</summary>
internal static class Colour
{
    private static readonly object? Style = PropertyOf(typeof(PSObject).Assembly.GetType("System.Management.Automation.PSStyle"), null, "Instance");
    private static readonly object? Foreground = PropertyOf(Style?.GetType(), Style, "Foreground");
    private static readonly string? Reset = PropertyOf(Style?.GetType(), Style, "Reset") as string;

    public static string Green(string text) => Of(text, "Green");

    public static string Yellow(string text) => Of(text, "Yellow");

    public static string Red(string text) => Of(text, "Red");

    private static string Of(string text, string colour) =>
        PropertyOf(Foreground?.GetType(), Foreground, colour) is string sequence ? $"{sequence}{text}{Reset}" : text;

    private static object? PropertyOf(Type? type, object? instance, string name) => type?.GetProperty(name)?.GetValue(instance);
}
