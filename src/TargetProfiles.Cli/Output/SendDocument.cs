using System.Text.Json;
using System.Text.Json.Nodes;
using TargetProfiles.Sending;

namespace TargetProfiles.Cli.Output;

/// <summary>What a send came to, for scripts. Written member by member: finding members by reflection takes longer than a small run.</summary>
internal static class SendDocument
{
    public static JsonObject Of(SendReport report) => new()
    {
        ["exitCode"] = report.ExitCode,
        ["error"] = report.Error,
        ["clientCode"] = report.Connection?.ClientCode,
        ["endpoint"] = report.Connection?.Endpoint.GetLeftPart(UriPartial.Authority),
        ["plan"] = report.Plan is null ? null : Of(report.Plan),
        ["sentBefore"] = report.SentBefore,
        ["accounting"] = Of(report.Accounting),
        ["batches"] = List(report.Batches.Select(Of)),
        ["rejectedRows"] = List(report.Rejected.Select(Of)),
        ["warnings"] = List(report.Warnings.Select(warning => JsonValue.Create(warning))),
        ["statuses"] = List(report.Statuses.Select(Of)),
        ["failedRows"] = report.FailedRows is null ? null : Of(report.FailedRows),
        ["sample"] = report.Sample is null ? null : CompareDocument.Of(report.Sample, report.Compared),
        ["emulatorProfiles"] = report.EmulatorProfiles,
    };

    public static JsonObject Of(BatchStatusResult result) => new()
    {
        ["batchId"] = result.BatchId,
        ["state"] = result.Status is null ? null : Name(result.Status.State),
        ["status"] = result.Status?.RawStatus,
        ["rows"] = result.Status?.Rows,
        ["batchSize"] = result.Status?.BatchSize,
        ["consumedCount"] = result.Status?.ConsumedCount,
        ["successfulUpdates"] = result.Status?.SuccessfulUpdates,
        ["profilesNotFound"] = result.Status?.ProfilesNotFound,
        ["failedUpdates"] = result.Status?.FailedUpdates,
        ["lostRows"] = result.Status?.LostRows,
        ["failedIds"] = result.Status is null ? null : List(result.Status.FailedIds.Select(id => JsonValue.Create(id))),
        ["submittedAt"] = result.Status?.SubmittedAt,
        ["checkedAt"] = result.Status?.CheckedAt,
        ["statusUri"] = result.Status?.StatusUri?.OriginalString,
        ["error"] = result.Failure is null ? null : Commands.Failures.Text(result.Failure),
    };

    public static JsonArray List(IEnumerable<JsonNode?> items) => [.. items];

    private static JsonObject Of(FailedRows failed) => new()
    {
        ["rows"] = failed.Rows,
        ["batches"] = failed.Batches,
        ["paths"] = List(failed.Paths.Select(path => JsonValue.Create(path))),
    };

    private static JsonObject Of(SendPlan plan) => new()
    {
        ["rows"] = plan.Rows,
        ["rejected"] = plan.Rejected,
        ["empty"] = plan.Empty,
        ["merged"] = plan.Merged,
        ["batches"] = plan.Batches,
        ["bytes"] = plan.Bytes,
        ["callsPerMinute"] = plan.CallsPerMinute,
        ["leastMinutes"] = plan.LeastMinutes,
    };

    private static JsonObject Of(RunAccounting rows) => new()
    {
        ["read"] = rows.Read,
        ["accepted"] = rows.Accepted,
        ["rejected"] = rows.Rejected,
        ["empty"] = rows.Empty,
        ["merged"] = rows.Merged,
        ["refused"] = rows.Refused,
        ["uncertain"] = rows.Uncertain,
        ["notSent"] = rows.NotSent,
        ["otherShard"] = rows.OtherShard,
        ["sourceEnded"] = rows.SourceEnded,
        ["isBalanced"] = rows.IsBalanced,
        ["isComplete"] = rows.IsComplete,
    };

    private static JsonObject Of(TargetProfileBatch batch) => new()
    {
        ["number"] = batch.Number,
        ["part"] = batch.Part,
        ["state"] = Name(batch.State),
        ["batchId"] = batch.BatchId,
        ["statusUri"] = batch.StatusUri?.OriginalString,
        ["rows"] = batch.Rows,
        ["bytes"] = batch.Bytes,
        ["firstRow"] = batch.FirstRow,
        ["lastRow"] = batch.LastRow,
        ["sha256"] = batch.Sha256,
        ["apiVersion"] = Name(batch.ApiVersion),
        ["submittedAt"] = batch.SubmittedAt,
        ["attempts"] = batch.Attempts,
        ["message"] = batch.Message,
    };

    private static JsonObject Of(TargetRowFinding row) => new()
    {
        ["severity"] = Name(row.Severity),
        ["source"] = row.Source,
        ["row"] = row.Row,
        ["line"] = row.Line,
        ["column"] = row.Column,
        ["rule"] = row.Rule,
        ["message"] = Commands.Names.Respelled(row.Message),
    };

    public static string Name(Enum value) => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
