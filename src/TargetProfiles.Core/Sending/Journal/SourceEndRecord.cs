using System.Text.Json;

namespace TargetProfiles.Sending.Journal;

/// <summary>A source was read to its end.</summary>
/// <param name="Source">The source.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Bytes">Its bytes, as UTF-8 without byte order mark; 0 for rows from the pipeline.</param>
internal sealed record SourceEndRecord(int Source, long Rows, long Bytes) : JournalRecord("sourceEnd")
{
    public override void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("source", Source);
        json.WriteNumber("rows", Rows);
        json.WriteNumber("bytes", Bytes);
    }

    public static new SourceEndRecord From(JsonElement json) => new(json.Int("source"), json.Number("rows"), json.Number("bytes"));
}
