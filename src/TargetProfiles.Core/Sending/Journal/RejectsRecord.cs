using System.Text.Json;

namespace TargetProfiles.Sending.Journal;

/// <summary>A file for rejected rows is about to be made.</summary>
/// <param name="Path">The file.</param>
/// <param name="Asked">The file that was asked for; one of that name existed already if the two differ.</param>
/// <param name="Delimiter">What stands between its fields; null in journals that do not tell it.</param>
internal sealed record RejectsRecord(string Path, string Asked, char? Delimiter = null) : JournalRecord("rejects")
{
    public override void Write(Utf8JsonWriter json)
    {
        json.WriteString("path", Path);
        json.WriteString("asked", Asked);
        if (Delimiter is char delimiter)
            json.WriteString("delimiter", delimiter.ToString());
    }

    public static new RejectsRecord From(JsonElement json) => new(
        json.RequiredText("path"), json.RequiredText("asked"), json.Text("delimiter") is { Length: 1 } delimiter ? delimiter[0] : null);
}
