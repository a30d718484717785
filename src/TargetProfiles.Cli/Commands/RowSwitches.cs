using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using TargetProfiles.Rows;

namespace TargetProfiles.Cli.Commands;

/// <summary>The options that say how files are read, and what of them becomes a batch.</summary>
internal sealed class RowSwitches
{
    private static readonly RowMapping Defaults = new();

    private readonly Option<string?> _idProperty = ConnectionSwitches.Text("--id-property", "COLUMN", "The id column; else the one called thirdPartyId, mbox3rdPartyId, pcId or tntId.");
    private readonly Option<string?> _idType = ConnectionSwitches.Text("--id-type", "TYPE", "What the id column holds: thirdPartyId or pcId; else its name says so.");
    private readonly Option<string[]> _property = Texts("--property", "COLUMN", "Column to send, with wildcards; repeat it for more. Default: all.");
    private readonly Option<string[]> _excludeProperty = Texts("--exclude-property", "COLUMN", "Column not to send, with wildcards; repeat it for more.");
    private readonly Option<string[]> _propertyMap = Texts("--property-map", "COLUMN=NAME", "Attribute name for a column; repeat it for more.");
    private readonly Option<string> _listSeparator = new("--list-separator") { Description = "What stands between the elements of a list value.", DefaultValueFactory = _ => Defaults.ListSeparator, HelpName = "TEXT" };
    private readonly Option<int> _maxBatchRows = ConnectionSwitches.Number("--max-batch-rows", "Rows of a batch at most.", BatchLimits.DefaultRows);
    private readonly Option<int> _maxBatchBytes = ConnectionSwitches.Number("--max-batch-bytes", "A batch stays below that many bytes.", BatchLimits.DefaultBytes);
    private readonly Option<string?> _encoding = ConnectionSwitches.Text("--encoding", "NAME", $"Encoding of files without byte order mark: {string.Join(", ", TextEncodings.Names)} or another. Default: utf8.");
    private readonly Option<string?> _delimiter = ConnectionSwitches.Text("--delimiter", "CHAR", "What stands between fields: one character, or the word tab. Default: a comma, or what a sep= line says.");
    private readonly Option<string[]> _header = Texts("--header", "NAMES", "Column names, separated by commas, for files without a header line; may be repeated.");

    private readonly Option<int> _skipFooter = ConnectionSwitches.Number("--skip-footer", "Lines at the end of a file that are no rows, such as a total; blank lines do not count.", 0);
    private readonly Option<string[]> _hashProperty = Texts("--hash-property", "COLUMN", "Column whose values are sent as SHA-256 of the trimmed, lower-case text, with wildcards; repeat it for more.");
    private readonly Option<string[]> _nullText = Texts("--null-text", "TEXT", "Text that counts as empty, such as NULL; repeat it for more.");
    private readonly Option<string?> _duplicateIdAction = ConnectionSwitches.Text("--duplicate-id-action", "ACTION", "What becomes of a row whose id stood in an earlier row: ignore, warn, reject, or merge (files only). Default: send merges the rows of files and rejects those of standard input, check warns.");
    private readonly Option<string[]> _excludeRule = Texts("--exclude-rule", "RULE", "Rule that is not applied, such as value.comma; repeat it for more. See docs/rules.md.");
    private readonly Option[] _all;

    /// <param name="command">What gets them.</param>
    /// <param name="makesBatches">True if it packs rows, so that there are caps to set.</param>
    public RowSwitches(Command command, bool makesBatches = true)
    {
        _idType.AcceptOnlyFromAmong("thirdPartyId", "pcId");
        _duplicateIdAction.AcceptOnlyFromAmong("ignore", "warn", "reject", "merge");
        _all = [_idProperty, _idType, _property, _excludeProperty, _propertyMap, _listSeparator, .. makesBatches ? new Option[] { _maxBatchRows, _maxBatchBytes } : [],
            _encoding, _delimiter, _header, _skipFooter, _hashProperty, _nullText, _excludeRule, _duplicateIdAction];
        foreach (var option in _all)
            command.Add(option);
    }

    /// <summary>Makes the command want files or finished batch files, and no options for rows with the latter.</summary>
    public void RequireOneSource(Command command, Argument<string[]> files, Option<string[]> batchPath) => command.Validators.Add(result =>
    {
        var hasFiles = result.GetValue(files) is { Length: > 0 };
        if (hasFiles == result.GetValue(batchPath) is { Length: > 0 })
            result.AddError(hasFiles ? "Give files or --batch-path, not both." : $"There is nothing to {command.Name}: name a CSV file, or '-' for standard input.");
        if (!hasFiles && FirstGiven(result) is string given)
            result.AddError($"{given} is for rows; a finished batch file is sent as it is.");
    });

    /// <summary>The first of these options that was given, or null.</summary>
    private string? FirstGiven(SymbolResult command) =>
        _all.FirstOrDefault(option => command.GetResult(option) is { Implicit: false })?.Name;

    /// <exception cref="ArgumentException">An option cannot be used.</exception>
    public RowMapping Mapping(ParseResult parsed) => new()
    {
        IdProperty = parsed.GetValue(_idProperty),
        IdType = parsed.GetValue(_idType) switch
        {
            "thirdPartyId" => ProfileIdType.ThirdPartyId,
            "pcId" => ProfileIdType.PcId,
            _ => null,
        },
        Properties = parsed.GetValue(_property) ?? [],
        ExcludedProperties = parsed.GetValue(_excludeProperty) ?? [],
        Renamed = Renamed(parsed.GetValue(_propertyMap) ?? []),
        HashedProperties = parsed.GetValue(_hashProperty) ?? [],
        NullTexts = parsed.GetValue(_nullText) ?? [],
        ExcludedRules = parsed.GetValue(_excludeRule) ?? [],
        ListSeparator = parsed.GetValue(_listSeparator)!,
    };

    /// <exception cref="ArgumentException">An option cannot be used.</exception>
    public CsvOptions Csv(ParseResult parsed) => new()
    {
        Delimiter = parsed.GetValue(_delimiter) is string delimiter ? Delimiter(delimiter) : null,
        Encoding = parsed.GetValue(_encoding) is string encoding ? TextEncodings.Parse(encoding) : null,
        SkipFooter = parsed.GetValue(_skipFooter),
        Header = parsed.GetValue(_header) is { Length: > 0 } header ? [.. header.SelectMany(names => names.Split(','))] : null,
    };

    /// <summary>What becomes of a row whose id stood in an earlier row; null if it was not said.</summary>
    public DuplicateIdAction? DuplicateIds(ParseResult parsed) =>
        parsed.GetValue(_duplicateIdAction) is string action ? Enum.Parse<DuplicateIdAction>(action, ignoreCase: true) : null;

    /// <exception cref="ArgumentException">A cap is outside what the service takes.</exception>
    public BatchLimits Limits(ParseResult parsed) => new(parsed.GetValue(_maxBatchRows), parsed.GetValue(_maxBatchBytes));

    private static char Delimiter(string text) => text switch
    {
        "tab" or "\\t" => '\t',
        [var single] => single,
        _ => throw new ArgumentException($"--delimiter takes one character, or the word tab; '{text}' is neither."),
    };

    private static Dictionary<string, string> Renamed(string[] pairs)
    {
        var renamed = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in pairs)
        {
            var separator = pair.LastIndexOf('=');
            if (separator < 1 || separator == pair.Length - 1)
                throw new ArgumentException($"--property-map takes COLUMN=NAME; '{pair}' is not that.");
            if (!renamed.TryAdd(pair[..separator], pair[(separator + 1)..]))
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"--property-map names column '{pair[..separator]}' twice."));
        }

        return renamed;
    }

    private static Option<string[]> Texts(string name, string helpName, string description) => new(name) { Description = description, HelpName = helpName };
}
