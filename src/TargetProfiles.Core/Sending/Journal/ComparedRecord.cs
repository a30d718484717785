using System.Text.Json;

namespace TargetProfiles.Sending.Journal;

/// <summary>Rows were held against the profiles that Target has. May follow the end of a run.</summary>
/// <param name="At">When, in UTC.</param>
/// <param name="Batch">The batch whose rows they were, if they were a canary's; else 0.</param>
/// <param name="Rows">Rows that were compared.</param>
/// <param name="Match">Rows of these whose profile holds every value.</param>
/// <param name="Different">Rows whose profile lacks a value or has another one.</param>
/// <param name="Missing">Rows without a profile.</param>
/// <param name="NotYet">Rows without a profile before the time to wait for it was over.</param>
/// <param name="Failed">Rows whose profile could not be fetched; not among <paramref name="Rows"/>.</param>
/// <param name="SampleSize">Rows that the sample was to have; null if all were compared.</param>
/// <param name="Seed">What the sample was chosen by; null if all were compared.</param>
internal sealed record ComparedRecord(DateTime At, int Batch, long Rows, long Match, long Different, long Missing, long NotYet, long Failed, int? SampleSize, int? Seed)
    : JournalRecord(Compared)
{
    public const string Compared = "compared";

    /// <summary>Rows that were to be compared.</summary>
    public long Asked => Rows + Failed;

    /// <summary>True if rows were compared, every one of them matches, and none could not be fetched.</summary>
    public bool IsMatch => Rows > 0 && Match == Asked;

    public static ComparedRecord Of(TargetProfileComparisonSummary summary, int batch = 0) => new(
        DateTime.UtcNow, batch, summary.Compared, summary.Match, summary.Different, summary.Missing, summary.NotYet, summary.Failed, summary.SampleSize, summary.Seed);

    public override void Write(Utf8JsonWriter json)
    {
        json.WriteMoment("at", At);
        if (Batch > 0)
            json.WriteNumber("batch", Batch);
        json.WriteNumber("rows", Rows);
        json.WriteNumber("match", Match);
        json.WriteNumber("different", Different);
        json.WriteNumber("missing", Missing);
        json.WriteNumber("notYet", NotYet);
        json.WriteNumber("failed", Failed);
        json.WriteOptionalNumber("sampleSize", SampleSize);
        json.WriteOptionalNumber("seed", Seed);
    }

    public static new ComparedRecord From(JsonElement json) => new(
        json.Moment("at"), json.OptionalInt("batch") ?? 0, json.Number("rows"), json.Number("match"), json.Number("different"), json.Number("missing"), json.Number("notYet"),
        json.OptionalNumber("failed") ?? 0, json.OptionalInt("sampleSize"), json.OptionalInt("seed"));
}
