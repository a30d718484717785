namespace TargetProfiles.Sending;

/// <summary>Texts as shells take them for one argument.</summary>
internal static class ShellText
{
    public static string PowerShell(string text) => IsPlain(text) ? text : PowerShellQuoted(text);

    /// <summary>PowerShell takes typographic quotes for straight ones.</summary>
    public static string PowerShellQuoted(string text) =>
        $"'{string.Concat(text.Select(c => c is '\'' or '\u2018' or '\u2019' or '\u201A' or '\u201B' ? $"{c}{c}" : $"{c}"))}'";

    /// <summary>Double quotes, which every shell has, where nothing in them is expanded; else as a POSIX shell takes it.</summary>
    public static string CommandLine(string text)
    {
        if (IsPlain(text) && (text.IndexOf('\\') < 0 || IsWindows))
            return text;
        return text.IndexOfAny(['"', '$', '`', '%', '!']) < 0 && (text.IndexOf('\\') < 0 || IsWindows) ? $"\"{text}\"" : $"'{text.Replace("'", "'\\''")}'";
    }

    private static bool IsWindows => Path.DirectorySeparatorChar == '\\';

    // A text that begins with a digit may be a number to PowerShell.
    private static bool IsPlain(string text) =>
        text.Length > 0 && (char.IsLetter(text[0]) || text[0] is '/' or '\\' or '.') && text.All(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_' or '/' or '\\' or ':');
}
