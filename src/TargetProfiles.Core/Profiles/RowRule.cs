namespace TargetProfiles.Profiles;

/// <summary>A rule that a row must pass, by its stable id. Each has a section of that name in docs/rules.md.</summary>
public sealed class RowRule
{
    private static readonly List<RowRule> Known = [];

    private RowRule(string id, RuleSeverity severity, bool canBeExcluded, string requirement)
    {
        Id = id;
        Severity = severity;
        CanBeExcluded = canBeExcluded;
        Requirement = requirement;
        Index = Known.Count;
        Known.Add(this);
    }

    /// <summary>Every rule.</summary>
    public static IReadOnlyList<RowRule> All => Known;

    /// <summary>Stable id, such as <c>id.too-long</c>.</summary>
    public string Id { get; }

    /// <summary>What breaking it means for the row.</summary>
    public RuleSeverity Severity { get; }

    /// <summary>True if <c>-ExcludeRule</c> can turn it off. The others guard what could not be sent at all, or not rightly.</summary>
    public bool CanBeExcluded { get; }

    /// <summary>What was wrong and what to do, without any data of the row.</summary>
    public string Requirement { get; }

    /// <summary>Position among <see cref="All"/>.</summary>
    internal int Index { get; }

    /// <inheritdoc/>
    public override string ToString() => Id;

    private static RowRule Always(string id, string requirement) => new(id, RuleSeverity.Error, canBeExcluded: false, requirement);

    private static RowRule ByDefault(string id, string requirement) => new(id, RuleSeverity.Error, canBeExcluded: true, requirement);

    private static RowRule Warns(string id, string requirement) => new(id, RuleSeverity.Warning, canBeExcluded: true, requirement);

    internal static readonly RowRule IdMissing = Always("id.missing", "The id is missing or blank. Fill it, or name the right column with -IdProperty.");
    internal static readonly RowRule IdAmbiguous = Always("id.ambiguous", "The row has two id columns. Name the one to use with -IdProperty.");
    internal static readonly RowRule IdTypeMixed = Always("id.type-mixed", "The run is keyed by another id type. Send pcId rows and thirdPartyId rows in runs of their own.");
    internal static readonly RowRule IdTooLong = Always("id.too-long", $"The id is longer than Target takes: {ServiceLimits.MaxThirdPartyIdLength} characters for a thirdPartyId, {ServiceLimits.MaxPcIdLength} for a pcId.");
    internal static readonly RowRule IdForbiddenCharacter = ByDefault("id.forbidden-character", "A thirdPartyId cannot hold '+' or '/', encoded or not. Change the id at its source, on the web site too.");
    internal static readonly RowRule IdControlCharacter = Always("id.control-character", "The id holds a control character, such as a line end or NUL. Clean it at the source.");
    internal static readonly RowRule IdSurroundedByBlanks = ByDefault("id.surrounded-by-blanks", "A blank or a no-break space stands before or after the id, so that it would be another id. Trim it at the source.");
    internal static readonly RowRule IdSpreadsheetNumber = ByDefault("id.spreadsheet-number", "The id looks like a number that a spreadsheet shortened, such as 1.23457E+11: its digits are lost. Export the column as text.");
    internal static readonly RowRule IdPlaceholder = ByDefault("id.placeholder", "The id is a word for nothing, such as NULL or #N/A. All such rows would become one visitor. Fill it at the source.");
    internal static readonly RowRule IdTotalLine = ByDefault("id.total-line", "The row looks like a total or a row count of a report, not a customer. Leave it out of the export, or use -SkipFooter.");
    internal static readonly RowRule IdEcid = ByDefault("id.ecid", "The id looks like an Experience Cloud ID, and batches cannot be keyed by one. Use the customer's own id.");
    internal static readonly RowRule IdDuplicate = Always("id.duplicate", "The id stands in an earlier row already. Which of the rows would win is not certain. Keep one of them, or choose another -DuplicateIdAction: Merge makes one row of them if they come from files.");
    internal static readonly RowRule IdPersonalData = ByDefault("id.personal-data", "The id looks like an e-mail address, a phone number or a card number. Hash it with -HashProperty, on the web site likewise, or use another id.");
    internal static readonly RowRule NameTooLong = Always("name.too-long", $"An attribute name is longer than {ServiceLimits.MaxAttributeNameLength} characters. Rename it with -PropertyMap, or leave it out with -ExcludeProperty.");
    internal static readonly RowRule NameBlank = Always("name.blank", "An attribute has no name. Name it with -PropertyMap, or leave it out with -ExcludeProperty.");
    internal static readonly RowRule NameDamaged = Always("name.damaged", "An attribute name holds damaged text. Check the encoding of the source.");
    internal static readonly RowRule NameCollision = Always("name.collision", "Two columns lead to the same attribute. Leave one out with -ExcludeProperty, or rename it with -PropertyMap.");
    internal static readonly RowRule NameReserved = ByDefault("name.reserved", "Names that begin with 'user.' or 'entity.' are Target's own. Rename it with -PropertyMap, or leave it out with -ExcludeProperty.");
    internal static readonly RowRule ValueNested = Always("value.nested", "The value is an object, not text, a number, a date, true or false, or a list of those. Expand it into columns of its own.");
    internal static readonly RowRule ValueUnreadable = Always("value.unreadable", "The property could not be read. Leave it out with -ExcludeProperty.");
    internal static readonly RowRule ValueLong = Warns("value.long", $"The value is longer than {ServiceLimits.UsualValueLength} characters. Target documents no limit for batches, but cuts such values elsewhere. Fetch one such profile back.");
    internal static readonly RowRule ValueComma = Warns("value.comma", "The value holds a comma. It is sent as %2C; whether Target keeps the comma is not documented. Fetch one such profile back, or use another character.");
    internal static readonly RowRule ValueDecimalComma = Warns("value.decimal-comma", "The value is a number with a decimal comma in a column of numbers. Target compares numbers with a decimal point. Export with a point.");
    internal static readonly RowRule ValuePersonalData = Warns("value.personal-data", "The value looks like an e-mail address, a phone number or a card number. It should not stand in a profile in clear. Hash it with -HashProperty, or leave it out with -ExcludeProperty.");
    internal static readonly RowRule TextDamaged = Always("text.damaged", "The text is damaged: it is not valid in the encoding it was read with, or was already replaced by U+FFFD. Read the source in the right encoding, for example -Encoding windows-1252.");
    internal static readonly RowRule RowTooLarge = Always("row.too-large", $"The row's values are over {ServiceLimits.MaxProfileBytes} bytes, more than Target keeps of external data for a visitor. Send fewer or shorter attributes.");
    internal static readonly RowRule RowLargerThanBatch = Always("row.larger-than-batch", "The row alone is larger than a batch may be. Raise -MaxBatchBytes.");
    internal static readonly RowRule NotAnObject = Always("row.not-an-object", "The row is nothing or a single value, not an object with properties.");

    internal static readonly RowRule CsvSurplusField = Always("csv.surplus-field", "The row has more fields than the header. Quote the fields that hold the delimiter, or check -Delimiter.");
    internal static readonly RowRule CsvTextAfterQuote = Always("csv.text-after-quote", "Text follows a closing quote. Double the quotes inside a quoted field.");
    internal static readonly RowRule CsvOpenQuote = Always("csv.open-quote", "A quote opens and does not close. Close it, or double it if it is part of the text.");
    internal static readonly RowRule CsvAfterOpenQuote = Always("csv.after-open-quote", "The line may be the inside of an open quote further up, and its fields do not match the header.");

    internal static readonly RowRule BatchMissingMarker = Always("batch.missing-marker", "The file does not begin with 'batch=', so Target would call it empty. If it is a CSV file, send it as one, not as a finished batch file.");
    internal static readonly RowRule BatchByteOrderMark = Always("batch.byte-order-mark", "The file begins with a byte order mark, so Target does not find 'batch='. Save it as UTF-8 without BOM.");
    internal static readonly RowRule BatchFirstColumn = Always("batch.first-column", "It must be pcId or thirdPartyId, in this spelling.");
    internal static readonly RowRule BatchLineEnd = Always("batch.line-end", "The line ends as Windows does (CRLF), which would end up in the last value of the row. Save it with LF.");
    internal static readonly RowRule BatchNoRows = Always("batch.no-rows", "The file has no rows after its header.");
    internal static readonly RowRule BatchTooManyRows = Always("batch.too-many-rows", $"Target takes {ServiceLimits.MaxBatchRows}. Split the file, or send the rows it was made from.");
    internal static readonly RowRule BatchTooLarge = Always("batch.too-large", $"Target takes less than {ServiceLimits.MaxBatchBytes}. Split the file, or send the rows it was made from.");
    internal static readonly RowRule BatchUnencoded = Always("batch.unencoded", "The line holds a character that must be percent-encoded as UTF-8: a blank, '+', '&', a quote, a percent sign of its own, or a letter beyond ASCII. Send the rows that the file was made from.");
}
