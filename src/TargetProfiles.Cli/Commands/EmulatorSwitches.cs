using System.CommandLine;
using System.Globalization;
using System.Reflection;
using TargetProfiles.Emulator;

namespace TargetProfiles.Cli.Commands;

/// <summary>An option for each simple setting of the emulator, so that none is forgotten.</summary>
internal sealed class EmulatorSwitches
{
    /// <summary>Never arguments: process lists show those.</summary>
    private static readonly string[] Secrets = [nameof(EmulatorOptions.Token), nameof(EmulatorOptions.AccessToken), nameof(EmulatorOptions.ApiKey)];

    private readonly List<(PropertyInfo Property, Option<string?> Option)> _switches = [];

    public EmulatorSwitches(Command command)
    {
        var defaults = new EmulatorOptions();
        foreach (var property in typeof(EmulatorOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (!property.CanWrite || Secrets.Contains(property.Name) || Kind(property.PropertyType) is not string kind)
                continue;
            var option = Switch(property, kind, Shown(property.GetValue(defaults)));
            _switches.Add((property, option));
            command.Add(option);
        }
    }

    /// <summary>Describes each option by its property's summary.</summary>
    public void Describe(IReadOnlyDictionary<string, string> summaries)
    {
        var defaults = new EmulatorOptions();
        foreach (var (property, option) in _switches)
        {
            if (!summaries.TryGetValue(property.Name, out var summary) || summary.Length == 0)
                continue;
            var namesDefault = summary.Contains("default", StringComparison.OrdinalIgnoreCase) || Shown(property.GetValue(defaults)) is null;
            option.Description = namesDefault ? summary : $"{summary} Default {Shown(property.GetValue(defaults))}.";
        }
    }

    /// <summary>Sets what the command line gives.</summary>
    public void Apply(ParseResult parsed, EmulatorOptions options)
    {
        foreach (var (property, option) in _switches)
        {
            if (parsed.GetResult(option) is not null)
                property.SetValue(options, TryParse(property.PropertyType, parsed.GetValue(option)));
        }
    }

    private static Option<string?> Switch(PropertyInfo property, string kind, string? standard)
    {
        var isFlag = property.PropertyType == typeof(bool);
        var option = new Option<string?>($"--{Names.Kebab(property.Name)}")
        {
            Description = $"{Words(property.Name)}{(property.PropertyType == typeof(TimeSpan) || property.PropertyType == typeof(TimeSpan?) ? ", in seconds" : "")} (default {standard ?? "none"}).",
            HelpName = kind,
            Arity = isFlag ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && TryParse(property.PropertyType, result.Tokens[0].Value) is null)
                result.AddError($"{option.Name} takes {kind}; '{result.Tokens[0].Value}' is not that.");
        });
        return option;
    }

    private static string? Kind(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum)
            return string.Join('|', Enum.GetNames(type));
        return type == typeof(bool) ? "true|false"
            : type == typeof(int) || type == typeof(long) || type == typeof(double) ? "NUMBER"
            : type == typeof(TimeSpan) ? "SECONDS"
            : type == typeof(string) ? "TEXT" : null;
    }

    private static object? TryParse(Type type, string? text)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        var culture = CultureInfo.InvariantCulture;
        if (type == typeof(bool))
            return text is null ? true : bool.TryParse(text, out var flag) ? flag : null;
        if (type == typeof(int))
            return int.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var number) ? number : null;
        if (type == typeof(long))
            return long.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var number) ? number : null;
        if (type == typeof(double))
            return double.TryParse(text, NumberStyles.Float, culture, out var number) ? number : null;
        if (type == typeof(TimeSpan))
            return double.TryParse(text, NumberStyles.Float, culture, out var seconds) && Math.Abs(seconds) < 1e9 ? TimeSpan.FromSeconds(seconds) : null;
        return type.IsEnum ? Enum.GetNames(type).Contains(text, StringComparer.OrdinalIgnoreCase) ? Enum.Parse(type, text!, ignoreCase: true) : null : text;
    }

    private static string? Shown(object? value) => value switch
    {
        TimeSpan time => time.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : null,
    };

    private static string Words(string name)
    {
        var words = Names.Kebab(name).Replace('-', ' ');
        return char.ToUpperInvariant(words[0]) + words[1..];
    }
}
