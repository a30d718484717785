using System.Text.Json;

namespace TargetProfiles.Sending.Journal;

/// <summary>What became of a batch.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="Part">1 or 2 for a half; 0 for the whole.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Bytes">Bytes of its body.</param>
/// <param name="State">What became of it.</param>
/// <param name="At">When, in UTC.</param>
/// <param name="Attempts">Times it was sent by this command.</param>
/// <param name="ApiVersion">Version of the API it was sent to.</param>
/// <param name="BatchId">The service's id for it.</param>
/// <param name="StatusUri">Where its status can be asked for.</param>
/// <param name="Message">Why it was not accepted.</param>
internal sealed record OutcomeRecord(int Batch, int Part, int Rows, long Bytes, BatchState State, DateTime At, int Attempts, string ApiVersion, string? BatchId, string? StatusUri, string? Message)
    : JournalRecord(NameOf(State))
{
    public const string Accepted = "accepted";
    public const string Refused = "refused";
    public const string Unknown = "unknown";
    public const string NotSent = "notsent";

    public override void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("batch", Batch);
        json.WriteNumber("part", Part);
        json.WriteNumber("rows", Rows);
        json.WriteNumber("bytes", Bytes);
        json.WriteMoment("at", At);
        json.WriteNumber("attempts", Attempts);
        json.WriteString("apiVersion", ApiVersion);
        if (BatchId is not null)
            json.WriteString("batchId", BatchId);
        if (StatusUri is not null)
            json.WriteString("statusUri", StatusUri);
        if (Message is not null)
            json.WriteString("message", Message);
    }

    public static new OutcomeRecord From(JsonElement json) => new(
        json.Int("batch"), json.Int("part"), json.Int("rows"), json.Number("bytes"), StateOf(json.RequiredText("type")), json.Moment("at"), json.Int("attempts"), json.RequiredText("apiVersion"),
        json.Text("batchId"), json.Text("statusUri"), json.Text("message"));

    private static string NameOf(BatchState state) => state switch
    {
        BatchState.Accepted => Accepted,
        BatchState.Refused => Refused,
        BatchState.Uncertain => Unknown,
        _ => NotSent,
    };

    private static BatchState StateOf(string type) => type switch
    {
        Accepted => BatchState.Accepted,
        Refused => BatchState.Refused,
        Unknown => BatchState.Uncertain,
        _ => BatchState.NotSent,
    };
}
