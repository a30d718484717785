using Spectre.Console;

namespace TargetProfiles.Cli.Output;

/// <summary>Lines for people, on standard error; while a live display is up they appear above it.</summary>
internal sealed class Lines
{
    private readonly IAnsiConsole? _terminal = Console.IsErrorRedirected ? null : Open();

    /// <summary>The terminal, or null where standard error is redirected.</summary>
    public IAnsiConsole? Terminal => _terminal;

    public void Error(string text) => Write("error: ", text, Color.Red);

    public void Warning(string text) => Write("warning: ", text, Color.Yellow);

    public void Note(string text) => Write("", text, Color.Default);

    /// <summary>Text that came from a file or a server must not steer the terminal, and stays on its line.</summary>
    public static string Harmless(string text) => text.Any(char.IsControl) ? new string([.. text.Select(Harmless)]) : text;

    private static char Harmless(char c) => c is '\r' or '\n' or '\t' ? ' ' : char.IsControl(c) ? '\uFFFD' : c;

    private void Write(string prefix, string text, Color color)
    {
        var line = prefix + Harmless(text);
        if (_terminal is null)
            Console.Error.WriteLine(line);
        else
            _terminal.WriteLine(line, new Style(color));
    }

    private static IAnsiConsole Open() => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
}
