using System.Text;

namespace TargetProfiles.Cli.Output;

/// <summary>A terminal that may be closed under the command: what it would have shown is lost, and the command still ends in order.</summary>
internal sealed class TerminalWriter(TextWriter terminal) : TextWriter
{
    private bool _isGone;

    public override Encoding Encoding => terminal.Encoding;

    /// <summary>Standard error always, standard output only where it is a terminal: that a file is full must be told.</summary>
    public static void Install()
    {
        Console.SetError(new TerminalWriter(Console.Error));
        if (!Console.IsOutputRedirected)
            Console.SetOut(new TerminalWriter(Console.Out));
    }

    public override void Write(char value) => Try(() => terminal.Write(value));

    public override void Write(string? value) => Try(() => terminal.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => terminal.Write(buffer, index, count));

    public override void Flush() => Try(terminal.Flush);

    private void Try(Action write)
    {
        if (_isGone)
            return;
        try
        {
            write();
        }
        catch (IOException)
        {
            _isGone = true;
        }
    }
}
