using System.Text.Json.Nodes;

namespace TargetProfiles.Cli.Output;

/// <summary>What a comparison came to, for scripts.</summary>
internal static class CompareDocument
{
    public static JsonObject Of(CompareReport report) => new()
    {
        ["exitCode"] = report.ExitCode,
        ["error"] = report.Error,
        ["clientCode"] = report.Connection.ClientCode,
        ["endpoint"] = report.Connection.Endpoint.GetLeftPart(UriPartial.Authority),
        ["comparison"] = Of(report.Summary, report.Compared),
    };

    public static JsonObject Of(TargetProfileComparisonSummary summary, IEnumerable<TargetProfileComparison> compared) => new()
    {
        ["read"] = summary.Read,
        ["rejected"] = summary.Rejected,
        ["empty"] = summary.Empty,
        ["merged"] = summary.Merged,
        ["compared"] = summary.Compared,
        ["match"] = summary.Match,
        ["different"] = summary.Different,
        ["missing"] = summary.Missing,
        ["notYet"] = summary.NotYet,
        ["failed"] = summary.Failed,
        ["sampleSize"] = summary.SampleSize,
        ["seed"] = summary.Seed,
        ["rows"] = SendDocument.List(compared.Select(Of)),
    };

    private static JsonObject Of(TargetProfileComparison compared) => new()
    {
        ["outcome"] = SendDocument.Name(compared.Outcome),
        ["source"] = compared.Source,
        ["row"] = compared.Row,
        ["thirdPartyId"] = compared.ThirdPartyId,
        ["pcId"] = compared.PcId,
        ["differentAttributes"] = SendDocument.List(compared.DifferentAttributes.Select(name => JsonValue.Create(name))),
        ["expected"] = Values(compared.Expected),
        ["found"] = Values(compared.Found),
        ["modifiedAt"] = compared.ModifiedAt,
        ["checkedAt"] = compared.CheckedAt,
    };

    private static JsonObject Values(IDictionary<string, string> values) =>
        [.. values.Select(value => KeyValuePair.Create(value.Key, (JsonNode?)value.Value))];
}
