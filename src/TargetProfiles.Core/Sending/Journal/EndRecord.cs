using System.Text.Json;

namespace TargetProfiles.Sending.Journal;

/// <summary>A command ended in order.</summary>
/// <param name="At">When, in UTC.</param>
/// <param name="IsComplete">Every source was read to its end, and every batch has a final outcome.</param>
/// <param name="Read">Rows read, since the journal began.</param>
internal sealed record EndRecord(DateTime At, bool IsComplete, long Read) : JournalRecord("end")
{
    public override void Write(Utf8JsonWriter json)
    {
        json.WriteMoment("at", At);
        json.WriteBoolean("complete", IsComplete);
        json.WriteNumber("read", Read);
    }

    public static new EndRecord From(JsonElement json) => new(json.Moment("at"), json.Bool("complete"), json.Number("read"));
}
