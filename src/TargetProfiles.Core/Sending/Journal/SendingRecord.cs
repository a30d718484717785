using System.Text.Json;

namespace TargetProfiles.Sending.Journal;

/// <summary>The first byte of a batch is about to leave: from here on the service may have it.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="Sha256">SHA-256 of its body.</param>
internal sealed record SendingRecord(int Batch, string Sha256) : JournalRecord("sending")
{
    public override void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("batch", Batch);
        json.WriteString("sha256", Sha256);
    }

    public static new SendingRecord From(JsonElement json) => new(json.Int("batch"), json.RequiredText("sha256"));
}
