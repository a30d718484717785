using System.Text.Json;

namespace TargetProfiles.Sending.Journal;

/// <summary>A stretch of a file of rejected rows.</summary>
/// <param name="Path">The file.</param>
/// <param name="Start">Where it begins, in bytes.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Sha256">SHA-256 of its bytes.</param>
internal sealed record RejectedRange(string Path, long Start, long End, string Sha256)
{
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("path", Path);
        json.WriteNumber("start", Start);
        json.WriteNumber("end", End);
        json.WriteString("sha256", Sha256);
        json.WriteEndObject();
    }

    public static RejectedRange From(JsonElement json) =>
        new(json.RequiredText("path"), json.Number("start"), json.Number("end"), json.RequiredText("sha256"));
}
