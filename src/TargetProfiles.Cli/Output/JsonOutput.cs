using System.Text.Json;
using System.Text.Json.Serialization;
using TargetProfiles.Sending;

namespace TargetProfiles.Cli.Output;

/// <summary>Results for scripts: one JSON document on standard output.</summary>
internal static class JsonOutput
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static void Write(SendReport report) => WriteDocument(new
    {
        report.ExitCode,
        report.Error,
        report.Connection?.ClientCode,
        Endpoint = report.Connection?.Endpoint.GetLeftPart(UriPartial.Authority),
        report.Plan,
        report.SentBefore,
        report.Accounting,
        report.Batches,
        RejectedRows = report.Rejected.Select(row => new { row.Severity, row.Source, row.Row, row.Line, row.Column, row.Rule, Message = Commands.Names.Respelled(row.Message) }),
        report.Warnings,
        Statuses = report.Statuses.Values.Select(Shown),
        Sample = report.Sample is null ? null : new
        {
            Compared = report.Sample.Count,
            Equal = report.Sample.Count(compared => compared.IsMatch),
            Different = report.Sample.Where(compared => !compared.IsMatch).Select(compared => new
            {
                compared.Row.IdType,
                compared.Row.Id,
                Found = compared.Profile is not null,
                compared.DifferentAttributes,
            }),
        },
        report.EmulatorProfiles,
    });

    public static void Write(IEnumerable<BatchStatusResult> statuses) => WriteDocument(statuses.Select(Shown));

    public static void Write(TargetProfileJournal journal) => WriteDocument(journal);

    public static void Write(IEnumerable<TargetProfile> profiles) => WriteDocument(profiles);

    private static object Shown(BatchStatusResult result) => new
    {
        result.BatchId,
        result.Status?.State,
        Status = result.Status?.RawStatus,
        result.Status?.BatchSize,
        result.Status?.ConsumedCount,
        result.Status?.SuccessfulUpdates,
        result.Status?.ProfilesNotFound,
        result.Status?.FailedUpdates,
        result.Status?.FailedIds,
        result.Status?.SubmittedAt,
        result.Status?.CheckedAt,
        result.Status?.StatusUri,
        Error = result.Failure is null ? null : Commands.Failures.Text(result.Failure),
    };

    private static void WriteDocument<T>(T document) => Console.Out.WriteLine(JsonSerializer.Serialize(document, Options));
}
