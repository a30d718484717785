using System.Globalization;
using System.Text;
using TargetProfiles.Emulator.Http;
using TargetProfiles.Emulator.Profiles;

namespace TargetProfiles.Emulator.Endpoints;

/// <summary>batchUpdate and batchStatus.</summary>
internal sealed class BatchEndpoints(EmulatorOptions options, ProfileService service, Func<string> edge)
{
    public Reply Submit(RequestHead head, Route route, byte[] body)
    {
        if (body.Length >= options.MaxBatchBytes)
        {
            return TooLarge($"Batch is too large: it must be smaller than {options.MaxBatchBytes} bytes");
        }

        if (options.RequireFormContentType && !head.IsForm)
        {
            return Refused(200, "Batch is empty");
        }

        BatchFile? file = BatchFile.Read(body, options, out string problem);
        if (file is null)
        {
            return Refused(200, problem);
        }

        if (file.Rows > options.MaxBatchRows)
        {
            return TooLarge($"Batch is too large: at most {options.MaxBatchRows} rows");
        }

        string id = service.Submit(file, route.Version).BatchId;
        return new Reply(200, Xml.ContentType, $"""
            <response>
                <success>true</success>
                <batchStatus>{StatusUrl(id)}</batchStatus>
                <message>Batch submitted for processing</message>
            </response>
            """.Replace("\r", ""))
        {
            Applied = true,
        };
    }

    public Reply Status(RequestHead head)
    {
        string batchId = head.QueryValue("batchId") ?? "";
        bool details = string.Equals(head.QueryValue("showDetails"), "true", StringComparison.OrdinalIgnoreCase);
        string? xml = service.Status(batchId, batch => details ? Detailed(batch) : Plain(batch));
        if (xml is not null)
        {
            return new Reply(200, Xml.ContentType, xml);
        }

        return options.UnknownBatchIsNotFound
            ? ErrorReply.Of(head, 404, "No batch found with batchId=" + batchId)
            : new Reply(200, Xml.ContentType, $"<response><batchId>{Xml.Escape(batchId)}</batchId><status>unknown</status></response>");
    }

    /// <summary>A refusal after the body: success=false and an empty status URL [documented formerly].</summary>
    public static Reply Refused(int status, string message) => new(status, Xml.ContentType, $"""
        <response>
            <success>false</success>
            <batchStatus></batchStatus>
            <message>{Xml.Escape(message)}</message>
        </response>
        """.Replace("\r", ""));

    private Reply TooLarge(string message) => Refused(options.OversizedFileStatus, message);

    private string StatusUrl(string id)
    {
        string start = options.StatusUrlOverride ?? edge();
        if (start.Contains("{batchId}"))
        {
            return Xml.Escape(start.Replace("{batchId}", id));
        }

        string code = Uri.EscapeDataString(options.ClientCode);
        return options.RawAmpersandInStatusUrl
            ? $"{start.TrimEnd('/')}/m2/{code}/v2/profile/batchStatus?batchId={id}&m2Node=00"
            : $"{start.TrimEnd('/')}/m2/{code}/profile/batchStatus?batchId={id}";
    }

    private static string Plain(QueuedBatch batch) => string.Format(
        CultureInfo.InvariantCulture,
        "<response><batchId>{0}</batchId><status>{1}</status><batchSize>{2}</batchSize></response>",
        batch.BatchId,
        batch.Status,
        batch.Rows);

    private string Detailed(QueuedBatch batch)
    {
        var xml = new StringBuilder();
        xml.AppendFormat(
            CultureInfo.InvariantCulture,
            "<response>\n    <batchId>{0}</batchId><status>{1}</status><batchSize>{2}</batchSize>\n"
            + "    <consumedCount>{3}</consumedCount><successfulUpdates>{4}</successfulUpdates>\n"
            + "    <profilesNotFound>{5}</profilesNotFound><failedUpdates>{6}</failedUpdates>\n",
            batch.BatchId,
            batch.Status,
            batch.Rows,
            batch.Consumed,
            batch.Successful,
            batch.NotFound,
            batch.Failed);
        if (options.ListAllProfiles && batch.Listing is not null)
        {
            foreach (KeyValuePair<string, string> row in batch.Listing)
            {
                AddRow(xml, row.Key, row.Value);
            }
        }
        else if (options.ListFailedProfiles)
        {
            foreach (string id in batch.FailedIds)
            {
                AddRow(xml, id, "failed");
            }
        }

        return xml.Append("</response>").ToString();
    }

    private static void AddRow(StringBuilder xml, string id, string status) =>
        xml.Append("    <profile><id>").Append(Xml.Escape(id)).Append("</id><status>").Append(status).Append("</status></profile>\n");
}
