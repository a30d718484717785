using System.Collections;
using System.Management.Automation;
using System.Text;
using TargetProfiles.Rows;

namespace TargetProfiles.PowerShell.Completion;

/// <summary>The columns of the file that stands on a command line.</summary>
internal static class FileColumns
{
    /// <summary>Names in the order of the file; none where there is no file, or where it cannot be read.</summary>
    public static IReadOnlyList<string> Of(IDictionary boundParameters)
    {
#pragma warning disable CA1031 // whatever is wrong with a half-written command line, pressing Tab must not fail
        try
        {
            if (boundParameters["Header"] is { } header)
                return Texts(header);
            return PathIn(boundParameters) is string path ? CsvColumnNames.Of(path, Options(boundParameters)) : [];
        }
        catch (Exception)
        {
            return [];
        }
#pragma warning restore CA1031
    }

    private static CsvOptions Options(IDictionary boundParameters) => new()
    {
        Delimiter = boundParameters["Delimiter"] is { } delimiter ? LanguagePrimitives.ConvertTo<char>(delimiter) : null,
        Encoding = Unwrap(boundParameters["Encoding"]) switch
        {
            null => null,
            Encoding encoding => encoding,
            var name => TextEncodings.Parse(LanguagePrimitives.ConvertTo<string>(name)),
        },
    };

    private static string? PathIn(IDictionary boundParameters)
    {
        foreach (var parameter in new[] { "LiteralPath", "Path" })
        {
            if (boundParameters[parameter] is { } given && Texts(given).FirstOrDefault() is string first)
                return Resolved(parameter, first);
        }

        return null;
    }

    /// <summary>A path as the session means it, which a completer is told by nobody.</summary>
    private static string? Resolved(string parameter, string path)
    {
        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        shell.AddCommand("Convert-Path").AddParameter(parameter, path).AddParameter("ErrorAction", ActionPreference.Ignore);
        return shell.Invoke<string>().FirstOrDefault(File.Exists);
    }

    private static string[] Texts(object value) => LanguagePrimitives.ConvertTo<string[]>(value);

    private static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
