using System.Text.Json;

namespace TargetProfiles.Sending.Journal;

/// <summary>A source that rows come from. Its header is part of what must not change.</summary>
/// <param name="Source">Its number, in the order of reading.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">What messages call it.</param>
/// <param name="HeaderBytes">Bytes before the first row.</param>
/// <param name="HeaderSha256">SHA-256 of those bytes.</param>
/// <param name="Sha256">SHA-256 of its text, if that is known before its rows are read; else empty, and its ranges have theirs.</param>
/// <param name="Whole">SHA-256 of that hash, or of those of all files, where the batches depend on all of it, as for merged rows; else empty.</param>
/// <param name="Path">Where the file stands; null for what is no file.</param>
internal sealed record SourceRecord(int Source, string Kind, string Name, long HeaderBytes, string HeaderSha256, string Sha256, string Whole, string? Path = null) : JournalRecord("source")
{
    public const string Csv = "csv";
    public const string Rows = "rows";
    public const string BatchFile = "batchFile";

    /// <summary>True if it is the same source as far as can be told before its rows come.</summary>
    public bool IsAs(SourceRecord other) => Kind == other.Kind && HeaderSha256 == other.HeaderSha256 && Sha256 == other.Sha256 && Whole == other.Whole;

    public override void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("source", Source);
        json.WriteString("kind", Kind);
        json.WriteString("name", Name);
        json.WriteNumber("headerBytes", HeaderBytes);
        json.WriteString("headerSha256", HeaderSha256);
        if (Sha256.Length > 0)
            json.WriteString("sha256", Sha256);
        json.WriteString("whole", Whole);
        if (Path is not null)
            json.WriteString("path", Path);
    }

    public static new SourceRecord From(JsonElement json) => new(
        json.Int("source"), json.RequiredText("kind"), json.RequiredText("name"), json.Number("headerBytes"), json.RequiredText("headerSha256"), json.Text("sha256") ?? "", json.RequiredText("whole"), json.Text("path"));
}
