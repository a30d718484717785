using System.Net;
using System.Text;
using TargetProfiles.Batches;

namespace TargetProfiles.Sending.Comparing;

/// <summary>What a row is to bring into a profile: read back from the bytes that are sent for it, so that nothing decides it twice.</summary>
internal sealed class ExpectedProfile
{
    private ExpectedProfile(string? source, long row, ProfileIdType idType, string id, Dictionary<string, string> attributes)
    {
        Source = source;
        Row = row;
        IdType = idType;
        Id = id;
        Attributes = attributes;
    }

    /// <summary>The file; null for a row of the pipeline.</summary>
    public string? Source { get; }

    /// <summary>Number of the row in its source.</summary>
    public long Row { get; }

    /// <summary>Which id it is.</summary>
    public ProfileIdType IdType { get; }

    /// <summary>The id.</summary>
    public string Id { get; }

    /// <summary>Values by attribute name.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; }

    /// <summary>Takes a row that was added to a batch.</summary>
    public static ExpectedProfile Of(RowEncoder row, IReadOnlyList<string> attributeNames, string? source, long number)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        // Each value has its comma in front.
        var values = Text(row.EncodedValues).Split(',');
        for (var i = 1; i < values.Length; i++)
        {
            if (values[i].Length > 0)
                attributes[attributeNames[i - 1]] = WebUtility.UrlDecode(values[i]);
        }

        return new ExpectedProfile(source, number, row.IdColumn!.IdType, Text(row.Id), attributes);
    }

    /// <summary>This row and an earlier one of the same id, together: the later value of each attribute stands.</summary>
    public ExpectedProfile Over(ExpectedProfile earlier)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var attribute in earlier.Attributes.Concat(Attributes))
            attributes[attribute.Key] = attribute.Value;
        return new ExpectedProfile(earlier.Source, earlier.Row, IdType, Id, attributes);
    }

    /// <summary>The key to fetch the profile by.</summary>
    /// <exception cref="ArgumentException">Such an id can be sent, but an address to fetch it by would lead elsewhere.</exception>
    public ProfileKey Key() => IdType == ProfileIdType.ThirdPartyId ? ProfileKey.ByThirdPartyId(Id) : ProfileKey.ByPcId(Id);

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8.ToArray());
}
