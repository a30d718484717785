using System.Globalization;
using TargetProfiles.Rows;

namespace TargetProfiles.Sending.Journal;

/// <summary>The settings that decide what is sent where: a run that goes on with others would mix two runs.</summary>
internal static class RunSettings
{
    /// <summary>Settings by the name that a user knows them by. No secret is among them.</summary>
    public static IReadOnlyDictionary<string, string> Of(SendOptions options, TargetConnection connection, ProfileApiVersion version)
    {
        var mapping = options.Mapping;
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["-ClientCode"] = connection.ClientCode,
            ["-Endpoint"] = connection.Endpoint.GetLeftPart(UriPartial.Authority),
            ["-ApiVersion"] = version.ToString(),
            ["-IdProperty"] = mapping.IdProperty ?? "",
            ["-IdType"] = mapping.IdType?.ToString() ?? "",
            ["-Property"] = CsvFields.Join(mapping.Properties),
            ["-ExcludeProperty"] = CsvFields.Join(mapping.ExcludedProperties),
            ["-PropertyMap"] = CsvFields.Join([.. mapping.Renamed.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}")]),
            ["-HashProperty"] = CsvFields.Join(mapping.HashedProperties),
            ["-NullText"] = CsvFields.Join(mapping.NullTexts),
            ["-ExcludeRule"] = CsvFields.Join([.. mapping.ExcludedRules.OrderBy(rule => rule, StringComparer.Ordinal)]),
            ["-ListSeparator"] = mapping.ListSeparator,
            ["-DuplicateIdAction"] = options.DuplicateIdAction?.ToString() ?? "",
            ["-MaxBatchRows"] = options.Limits.Rows.ToString(CultureInfo.InvariantCulture),
            ["-MaxBatchBytes"] = options.Limits.Bytes.ToString(CultureInfo.InvariantCulture),
            ["-Delimiter"] = options.Csv.Delimiter?.ToString() ?? "",
            ["-Encoding"] = options.Csv.Encoding?.WebName ?? "",
            ["-Header"] = CsvFields.Join(options.Csv.Header ?? []),
            ["-SkipFooter"] = options.Csv.SkipFooter.ToString(CultureInfo.InvariantCulture),
        };
        if (options.Canary is int canary)
            settings.Add("-Canary", canary.ToString(CultureInfo.InvariantCulture));
        return settings;
    }

    /// <summary>How the columns were read.</summary>
    public static RowMapping Mapping(IReadOnlyDictionary<string, string> settings) => new()
    {
        IdProperty = Given(settings, "-IdProperty"),
        IdType = Enum.TryParse<ProfileIdType>(Given(settings, "-IdType"), out var idType) ? idType : null,
        Properties = List(settings, "-Property"),
        ExcludedProperties = List(settings, "-ExcludeProperty"),
        Renamed = List(settings, "-PropertyMap").Select(pair => pair.Split(['='], 2)).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal),
        HashedProperties = List(settings, "-HashProperty"),
        NullTexts = List(settings, "-NullText"),
        ExcludedRules = List(settings, "-ExcludeRule"),
        ListSeparator = Of(settings, "-ListSeparator"),
    };

    /// <summary>How the files were read.</summary>
    public static CsvOptions Csv(IReadOnlyDictionary<string, string> settings) => new()
    {
        Delimiter = Given(settings, "-Delimiter")?[0],
        Encoding = Given(settings, "-Encoding") is string encoding ? TextEncodings.Parse(encoding) : null,
        Header = List(settings, "-Header") is { Length: > 0 } header ? header : null,
        SkipFooter = int.TryParse(Of(settings, "-SkipFooter"), NumberStyles.None, CultureInfo.InvariantCulture, out var footer) ? footer : 0,
    };

    /// <summary>What became of rows that repeated an id; null for the default.</summary>
    public static DuplicateIdAction? DuplicateIds(IReadOnlyDictionary<string, string> settings) =>
        Enum.TryParse<DuplicateIdAction>(Given(settings, "-DuplicateIdAction"), out var action) ? action : null;

    /// <summary>Bytes of a batch at most.</summary>
    public static int MaxBatchBytes(IReadOnlyDictionary<string, string> settings) =>
        int.TryParse(Of(settings, "-MaxBatchBytes"), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : ServiceLimits.MaxBatchBytes;

    /// <summary>The values of a setting that takes several.</summary>
    public static string[] List(IReadOnlyDictionary<string, string> settings, string name) => CsvFields.Split(Of(settings, name));

    /// <summary>What differs, in words; null if nothing does.</summary>
    public static string? Difference(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> now)
    {
        var differences = now.Keys.Union(before.Keys).Select(name => (Name: name, Before: Of(before, name), Now: Of(now, name)))
            .Where(setting => setting.Before != setting.Now)
            .Select(setting => $"{setting.Name} was {Shown(setting.Before)} and is {Shown(setting.Now)}").ToList();
        return differences.Count == 0 ? null : string.Join("; ", differences);
    }

    private static string Of(IReadOnlyDictionary<string, string> settings, string name) => settings.TryGetValue(name, out var value) ? value : "";

    private static string? Given(IReadOnlyDictionary<string, string> settings, string name) => Of(settings, name) is { Length: > 0 } value ? value : null;

    private static string Shown(string value) => value.Length == 0 ? "not given" : $"'{value}'";
}
