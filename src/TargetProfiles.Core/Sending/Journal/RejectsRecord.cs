using System.Text.Json;

namespace TargetProfiles.Sending.Journal;

/// <summary>A file for rejected rows is about to be made.</summary>
/// <param name="Path">The file.</param>
/// <param name="Asked">The file that was asked for; one of that name existed already if the two differ.</param>
internal sealed record RejectsRecord(string Path, string Asked) : JournalRecord("rejects")
{
    public override void Write(Utf8JsonWriter json)
    {
        json.WriteString("path", Path);
        json.WriteString("asked", Asked);
    }

    public static new RejectsRecord From(JsonElement json) => new(json.RequiredText("path"), json.RequiredText("asked"));
}
