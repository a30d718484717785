using System.Text.Json;

namespace TargetProfiles.Sending.Journal;

/// <summary>The first byte of a batch is about to leave: from here on the service may have it.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="Part">1 or 2 for a half of it that is sent by itself; 0 for the whole.</param>
/// <param name="Sha256">SHA-256 of the body.</param>
internal sealed record SendingRecord(int Batch, int Part, string Sha256) : JournalRecord("sending")
{
    public override void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("batch", Batch);
        json.WriteNumber("part", Part);
        json.WriteString("sha256", Sha256);
    }

    public static new SendingRecord From(JsonElement json) => new(json.Int("batch"), json.Int("part"), json.RequiredText("sha256"));
}
