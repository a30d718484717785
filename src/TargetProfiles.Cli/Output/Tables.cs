using System.Globalization;
using Spectre.Console;

namespace TargetProfiles.Cli.Output;

/// <summary>Tables on standard output.</summary>
internal static class Tables
{
    private const int WidthWhereRedirected = 200;

    /// <summary>Standard output, without colours or line breaks of its own where it is redirected.</summary>
    public static IAnsiConsole Output()
    {
        if (!Console.IsOutputRedirected)
            return AnsiConsole.Console;
        var output = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(Console.Out),
        });
        output.Profile.Width = WidthWhereRedirected;
        return output;
    }

    public static Table New(string title, params string[] columns)
    {
        var table = new Table { Border = TableBorder.Simple, Title = new TableTitle(Markup.Escape(title)) };
        foreach (var column in columns)
        {
            var isNumber = column.StartsWith('#');
            table.AddColumn(new TableColumn(new Text(isNumber ? column[1..] : column)) { Alignment = isNumber ? Justify.Right : Justify.Left, NoWrap = isNumber });
        }

        return table;
    }

    public static void Row(this Table table, params string?[] cells) =>
        table.AddRow([.. cells.Select(cell => new Text(Lines.Harmless(cell ?? "")))]);

    public static string Count(long? count) => count?.ToString("N0", CultureInfo.InvariantCulture) ?? "";

    public static string Moment(DateTime? utc) => utc?.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";
}
