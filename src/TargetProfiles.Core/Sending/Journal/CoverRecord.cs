using System.Text.Json;

namespace TargetProfiles.Sending.Journal;

/// <summary>What became of rows from one batch's end to the next one's: each row of a source stands in exactly one cover.</summary>
/// <param name="Batch">The batch; 0 if none of the rows went into one.</param>
/// <param name="Rows">Rows of the batch.</param>
/// <param name="Bytes">Bytes of its body.</param>
/// <param name="FirstRow">Number of the first row in the batch, counted over all sources.</param>
/// <param name="LastRow">Number of the last.</param>
/// <param name="Read">Rows read.</param>
/// <param name="Rejected">Rows that break a rule.</param>
/// <param name="Empty">Rows without values.</param>
/// <param name="Merged">Rows merged into another one.</param>
/// <param name="Ranges">Where the rows stand.</param>
/// <param name="Rejects">Where the rejected rows were written.</param>
internal sealed record CoverRecord(
    int Batch, int Rows, long Bytes, long FirstRow, long LastRow, long Read, long Rejected, long Empty, long Merged,
    IReadOnlyList<CoveredRange> Ranges, IReadOnlyList<RejectedRange> Rejects) : JournalRecord("cover")
{
    /// <summary>The rejected rows by rule; empty in a journal of a version that did not count them so.</summary>
    public IReadOnlyList<(string Rule, long Rows)> RejectedByRule { get; init; } = [];

    /// <summary>True if it holds the very same rows.</summary>
    public bool IsAs(CoverRecord other) => Batch == other.Batch && Rows == other.Rows && Ranges.SequenceEqual(other.Ranges);

    public override void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("batch", Batch);
        json.WriteNumber("rows", Rows);
        json.WriteNumber("bytes", Bytes);
        json.WriteNumber("firstRow", FirstRow);
        json.WriteNumber("lastRow", LastRow);
        json.WriteNumber("read", Read);
        json.WriteNumber("rejected", Rejected);
        json.WriteNumber("empty", Empty);
        json.WriteNumber("merged", Merged);
        if (RejectedByRule.Count > 0)
        {
            json.WriteStartObject("rules");
            foreach (var (rule, rows) in RejectedByRule)
                json.WriteNumber(rule, rows);
            json.WriteEndObject();
        }

        json.WriteStartArray("ranges");
        foreach (var range in Ranges)
            range.Write(json);
        json.WriteEndArray();
        json.WriteStartArray("rejects");
        foreach (var range in Rejects)
            range.Write(json);
        json.WriteEndArray();
    }

    public static new CoverRecord From(JsonElement json) => new(
        json.Int("batch"), json.Int("rows"), json.Number("bytes"), json.Number("firstRow"), json.Number("lastRow"),
        json.Number("read"), json.Number("rejected"), json.Number("empty"), json.Number("merged"),
        [.. json.List("ranges").Select(CoveredRange.From)],
        [.. json.List("rejects").Select(RejectedRange.From)])
    {
        RejectedByRule = json.TryGetProperty("rules", out var rules) && rules.ValueKind == JsonValueKind.Object
            ? [.. rules.EnumerateObject().Select(rule => (rule.Name, rules.Number(rule.Name)))]
            : [],
    };
}
