namespace TargetProfiles.Profiles;

/// <summary>A rule that a row must pass, by its stable id.</summary>
public sealed class RowRule
{
    private RowRule(string id, string requirement)
    {
        Id = id;
        Requirement = requirement;
    }

    /// <summary>Stable id, such as <c>id.too-long</c>.</summary>
    public string Id { get; }

    /// <summary>What was wrong and what to do, without any data of the row.</summary>
    public string Requirement { get; }

    /// <inheritdoc/>
    public override string ToString() => Id;

    internal static readonly RowRule IdMissing = new("id.missing", "The id is missing or blank. Fill it, or name the right column with -IdProperty.");
    internal static readonly RowRule IdAmbiguous = new("id.ambiguous", "The row has two id columns. Name the one to use with -IdProperty.");
    internal static readonly RowRule IdTypeMixed = new("id.type-mixed", "The run is keyed by another id type. Send pcId rows and thirdPartyId rows in runs of their own.");
    internal static readonly RowRule IdTooLong = new("id.too-long", $"The id is longer than Target takes: {ServiceLimits.MaxThirdPartyIdLength} characters for a thirdPartyId, {ServiceLimits.MaxPcIdLength} for a pcId.");
    internal static readonly RowRule IdForbiddenCharacter = new("id.forbidden-character", "A thirdPartyId cannot hold '+' or '/', encoded or not. Change the id at its source, on the web site too.");
    internal static readonly RowRule IdControlCharacter = new("id.control-character", "The id holds a control character, such as a line end or NUL. Clean it at the source.");
    internal static readonly RowRule NameTooLong = new("name.too-long", $"An attribute name is longer than {ServiceLimits.MaxAttributeNameLength} characters. Rename it with -PropertyMap, or leave it out with -ExcludeProperty.");
    internal static readonly RowRule NameBlank = new("name.blank", "An attribute has no name. Name it with -PropertyMap, or leave it out with -ExcludeProperty.");
    internal static readonly RowRule NameDamaged = new("name.damaged", "An attribute name holds damaged text. Check the encoding of the source.");
    internal static readonly RowRule NameCollision = new("name.collision", "Two columns lead to the same attribute. Leave one out with -ExcludeProperty, or rename it with -PropertyMap.");
    internal static readonly RowRule ValueNested = new("value.nested", "The value is an object, not text, a number, a date, true or false, or a list of those. Expand it into columns of its own.");
    internal static readonly RowRule ValueUnreadable = new("value.unreadable", "The property could not be read. Leave it out with -ExcludeProperty.");
    internal static readonly RowRule TextDamaged = new("text.damaged", "The text is damaged: it is not valid in the encoding it was read with, or was already replaced by U+FFFD. Read the source in the right encoding, for example -Encoding windows-1252.");
    internal static readonly RowRule RowTooLarge = new("row.too-large", $"The row's values are over {ServiceLimits.MaxProfileBytes:N0} bytes, more than Target keeps of external data for a visitor. Send fewer or shorter attributes.");
    internal static readonly RowRule RowLargerThanBatch = new("row.larger-than-batch", "The row alone is larger than a batch may be. Raise -MaxBatchBytes.");
    internal static readonly RowRule NotAnObject = new("row.not-an-object", "The row is a single value, not an object with properties.");

    internal static readonly RowRule CsvSurplusField = new("csv.surplus-field", "The row has more fields than the header. Quote the fields that hold the delimiter, or check -Delimiter.");
    internal static readonly RowRule CsvTextAfterQuote = new("csv.text-after-quote", "Text follows a closing quote. Double the quotes inside a quoted field.");
    internal static readonly RowRule CsvOpenQuote = new("csv.open-quote", "A quote opens and does not close. Close it, or double it if it is part of the text.");
    internal static readonly RowRule CsvAfterOpenQuote = new("csv.after-open-quote", "The line may be the inside of an open quote further up, and its fields do not match the header.");
}
