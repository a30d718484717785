using System.Collections;
using System.Globalization;

namespace TargetProfiles.PowerShell.Commands;

/// <summary>The column parameters of the row-taking cmdlets, as Core takes them.</summary>
internal static class RowMappingParameters
{
    public static RowMapping Mapping(
        string? idProperty,
        ProfileIdType? idType,
        string[]? property,
        string[]? excludeProperty,
        IDictionary? propertyMap,
        string? listSeparator,
        string[]? hashProperty = null,
        string[]? nullText = null,
        string[]? excludeRule = null)
    {
        var renamed = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in propertyMap ?? new Hashtable())
        {
            var from = Convert.ToString(RowReader.Unwrap(entry.Key), CultureInfo.InvariantCulture);
            var to = Convert.ToString(RowReader.Unwrap(entry.Value), CultureInfo.InvariantCulture);
            if (string.IsNullOrWhiteSpace(from) || string.IsNullOrWhiteSpace(to))
                throw new ArgumentException("PropertyMap takes pairs of column name and attribute name, such as @{ 'Annual Income (k$)' = 'annualIncome' }.");
            renamed[from!] = to!;
        }

        return new RowMapping
        {
            IdProperty = idProperty,
            IdType = idType,
            Properties = property ?? [],
            ExcludedProperties = excludeProperty ?? [],
            Renamed = renamed,
            HashedProperties = hashProperty ?? [],
            NullTexts = nullText ?? [],
            ExcludedRules = excludeRule ?? [],
            ListSeparator = listSeparator ?? "|",
        };
    }
}
