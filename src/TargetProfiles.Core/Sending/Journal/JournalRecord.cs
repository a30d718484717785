using System.Text.Json;

namespace TargetProfiles.Sending.Journal;

/// <summary>A record of a journal; docs/journal.md describes them. Holds no row data and no token.</summary>
internal abstract record JournalRecord(string Type)
{
    /// <summary>Version of the format; a reader refuses what is newer.</summary>
    public const int Format = 1;

    public abstract void Write(Utf8JsonWriter json);

    /// <returns>The record; null for a kind that a later version of the tool may have added and that does not matter here.</returns>
    /// <exception cref="FormatException">The record is none of ours.</exception>
    public static JournalRecord? From(JsonElement json) => json.RequiredText("type") switch
    {
        "run" => RunRecord.From(json),
        "source" => SourceRecord.From(json),
        "sourceEnd" => SourceEndRecord.From(json),
        "rejects" => RejectsRecord.From(json),
        "cover" => CoverRecord.From(json),
        "sending" => SendingRecord.From(json),
        OutcomeRecord.Accepted or OutcomeRecord.Refused or OutcomeRecord.Unknown or OutcomeRecord.NotSent => OutcomeRecord.From(json),
        "status" => StatusRecord.From(json),
        ComparedRecord.Compared => ComparedRecord.From(json),
        "end" => EndRecord.From(json),
        _ => null,
    };
}
