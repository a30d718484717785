using System.Text.Json;

namespace TargetProfiles.Sending.Journal;

/// <summary>What the service made of an accepted batch, said for good.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="Part">1 or 2 for a half; 0 for the whole.</param>
/// <param name="At">When it was asked for, in UTC.</param>
/// <param name="BatchId">The service's id for it.</param>
/// <param name="Status">The service's word.</param>
/// <param name="Outcome">What it means.</param>
/// <param name="BatchSize">Rows as the service counts them; null if it does not tell, as the counts below.</param>
/// <param name="Successful">Profiles updated or created.</param>
/// <param name="ProfilesNotFound">Rows whose profile does not exist.</param>
/// <param name="Failed">Rows that failed.</param>
internal sealed record StatusRecord(
    int Batch, int Part, DateTime At, string BatchId, string Status, BatchProcessingState Outcome, long? BatchSize, long? Successful, long? ProfilesNotFound, long? Failed)
    : JournalRecord("status")
{
    public static StatusRecord Of(int batch, int part, TargetBatchStatus status) => new(
        batch, part, status.CheckedAt, status.BatchId, status.RawStatus, status.State, status.BatchSize, status.SuccessfulUpdates, status.ProfilesNotFound,
        status.FailedUpdates ?? (status.FailedIds.Count > 0 ? status.FailedIds.Count : null));

    /// <summary>The status, of a batch that was accepted so.</summary>
    public TargetBatchStatus StatusOf(OutcomeRecord accepted, Uri? statusUri) => new(BatchId, statusUri, Outcome, Status)
    {
        Rows = accepted.Rows,
        BatchSize = BatchSize,
        SuccessfulUpdates = Successful,
        ProfilesNotFound = ProfilesNotFound,
        FailedUpdates = Failed,
        SubmittedAt = accepted.At,
        CheckedAt = At,
    };

    public override void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("batch", Batch);
        json.WriteNumber("part", Part);
        json.WriteMoment("at", At);
        json.WriteString("batchId", BatchId);
        json.WriteString("status", Status);
        json.WriteString("outcome", Outcome.ToString());
        json.WriteOptionalNumber("batchSize", BatchSize);
        json.WriteOptionalNumber("successful", Successful);
        json.WriteOptionalNumber("profilesNotFound", ProfilesNotFound);
        json.WriteOptionalNumber("failed", Failed);
    }

    public static new StatusRecord From(JsonElement json) => new(
        json.Int("batch"), json.Int("part"), json.Moment("at"), json.RequiredText("batchId"), json.RequiredText("status"),
        Enum.TryParse<BatchProcessingState>(json.RequiredText("outcome"), out var outcome) ? outcome : BatchProcessingState.Unknown,
        json.OptionalNumber("batchSize"), json.OptionalNumber("successful"), json.OptionalNumber("profilesNotFound"), json.OptionalNumber("failed"));
}
