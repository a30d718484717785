using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TargetProfiles.Cli.Output;

/// <summary>What a comparison came to, for scripts. Rows are written as they come: there may be millions.</summary>
internal sealed class CompareDocument : CompareOutput
{
    private const int BytesAtATime = 16 * 1024;

    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly Utf8JsonWriter _json;

    public CompareDocument()
    {
        _json = new Utf8JsonWriter(_text, new JsonWriterOptions { Indented = true });
        _json.WriteStartObject();
        _json.WriteStartObject("comparison");
        _json.WriteStartArray("rows");
    }

    public static JsonObject Of(TargetProfileComparisonSummary summary, IEnumerable<TargetProfileComparison> compared)
    {
        var comparison = Of(summary);
        comparison["rows"] = SendDocument.List(compared.Select(Of));
        return comparison;
    }

    public override bool TryAdd(TargetProfileComparison compared)
    {
        Of(compared).WriteTo(_json);
        if (_json.BytesPending + _text.WrittenCount >= BytesAtATime)
            Print();
        return true;
    }

    public override void Write(CompareReport report)
    {
        _json.WriteEndArray();
        _json.WriteNumber("notListed", report.NotListed);
        WriteMembers(Of(report.Summary));
        _json.WriteEndObject();
        WriteMembers(new JsonObject
        {
            ["exitCode"] = report.ExitCode,
            ["error"] = report.Error,
            ["clientCode"] = report.Connection.ClientCode,
            ["endpoint"] = report.Connection.Endpoint.GetLeftPart(UriPartial.Authority),
        });
        _json.WriteEndObject();
        Print();
        Console.Out.WriteLine();
    }

    public override void Dispose() => _json.Dispose();

    private static JsonObject Of(TargetProfileComparisonSummary summary) => new()
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

    private void WriteMembers(JsonObject members)
    {
        foreach (var (name, value) in members)
        {
            _json.WritePropertyName(name);
            if (value is null)
                _json.WriteNullValue();
            else
                value.WriteTo(_json);
        }
    }

    private void Print()
    {
        _json.Flush();
        Console.Out.Write(Encoding.UTF8.GetString(_text.WrittenSpan));
        _text.Clear();
    }
}
