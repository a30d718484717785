using System.Text.Json;
using TargetProfiles.Rows;

namespace TargetProfiles.Sending.Journal;

/// <summary>A contiguous stretch of a source.</summary>
/// <param name="Source">The source's number.</param>
/// <param name="FirstRow">Its first row.</param>
/// <param name="LastRow">Its last row.</param>
/// <param name="Start">Where it begins, in bytes of the text as UTF-8 without byte order mark; 0 for rows from the pipeline.</param>
/// <param name="End">Where it ends.</param>
/// <param name="NextLine">Line on which what follows begins.</param>
/// <param name="SuspectUntil">Byte up to which what follows may be the inside of an open quote.</param>
/// <param name="Sha256">SHA-256 of its bytes, or of its rows in their canonical form; empty if the source tells that of its whole text.</param>
internal sealed record CoveredRange(int Source, long FirstRow, long LastRow, long Start, long End, long NextLine, long SuspectUntil, string Sha256)
{
    /// <summary>Where what follows begins.</summary>
    public SourceMark EndMark => new(LastRow, End, NextLine, SuspectUntil, "");

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("source", Source);
        json.WriteNumber("firstRow", FirstRow);
        json.WriteNumber("lastRow", LastRow);
        json.WriteNumber("start", Start);
        json.WriteNumber("end", End);
        json.WriteNumber("nextLine", NextLine);
        json.WriteNumber("suspectUntil", SuspectUntil);
        if (Sha256.Length > 0)
            json.WriteString("sha256", Sha256);
        json.WriteEndObject();
    }

    public static CoveredRange From(JsonElement json) => new(
        json.Int("source"), json.Number("firstRow"), json.Number("lastRow"), json.Number("start"), json.Number("end"),
        json.Number("nextLine"), json.Number("suspectUntil"), json.Text("sha256") ?? "");
}
