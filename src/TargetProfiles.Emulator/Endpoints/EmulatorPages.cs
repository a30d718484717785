using System.Globalization;
using System.Text;
using TargetProfiles.Emulator.Http;
using TargetProfiles.Emulator.Profiles;

namespace TargetProfiles.Emulator.Endpoints;

/// <summary>The emulator's own pages for scripts that can only speak HTTP to it; <see cref="Page.LivePage"/> is the one for people.</summary>
internal static class EmulatorPages
{
    private const int FlushAt = 64 * 1024;

    public static Reply Start(TargetEmulator emulator) => new(200, "text/plain;charset=UTF-8", $"""
        Emulator of Adobe Target's Profile APIs. Client code: {emulator.ClientCode}
        Status URLs point to {emulator.StatusEndpoint}

        POST /m2/{emulator.ClientCode}/profile/batchUpdate       bulk v1: updates only
        POST /m2/{emulator.ClientCode}/v2/profile/batchUpdate    bulk v2: creates as well
        GET  /m2/{emulator.ClientCode}/profile/batchStatus?batchId=ID&showDetails=true
        GET|POST /m2/{emulator.ClientCode}/profile/update?mbox3rdPartyId=ID&profile.NAME=VALUE
        GET  /rest/v1/profiles/PCID?client={emulator.ClientCode}
        GET  /rest/v1/profiles/thirdPartyId/ID?client={emulator.ClientCode}
        GET  /rest/v1/profiles/marketingCloudVisitorId/ECID?client={emulator.ClientCode}
        GET|POST /TENANT/target/authentication/token?authorizationScope=profile_api

        GET  /_emulator/profiles     all profiles as NDJSON
        GET  /_emulator/requests     the request log as JSON
        POST /_emulator/mbox?pcId=ID&thirdPartyId=ID
        POST /_emulator/clock/advance?seconds=N
        POST /_emulator/process      finish all waiting batches
        POST /_emulator/switches     turn a switch, by a JSON object of its name and value

        """.Replace("\r", ""));

    public static Reply Answer(TargetEmulator emulator, RequestHead head, string page)
    {
        switch (page)
        {
            case "profiles":
                return new Reply(200, "application/x-ndjson;charset=UTF-8", "") { Stream = body => WriteProfilesAsync(emulator, body) };
            case "requests":
                return new Reply(200, Json.ContentType, Requests(emulator.Requests));
            case "mbox":
                emulator.SimulateMboxCall(head.QueryValue("pcId"), head.QueryValue("thirdPartyId"));
                return Done();
            case "process":
                emulator.ProcessNow();
                return Done();
            case "clock/advance":
                if (!double.TryParse(head.QueryValue("seconds"), NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds)
                    || !(seconds >= 0 && seconds <= 3_000_000_000))
                {
                    return ErrorReply.Of(head, 400, "seconds must be a number from 0 to 3000000000");
                }

                emulator.Clock.Advance(TimeSpan.FromSeconds(seconds));
                return Done();
            default:
                return ErrorReply.Of(head, 404, "Not Found");
        }
    }

    public static string Line(EmulatedProfile profile)
    {
        var line = new StringBuilder();
        line.Append("{\"pcId\":").Append(Json.Text(profile.PcId));
        line.Append(",\"thirdPartyId\":").Append(Json.Text(profile.ThirdPartyId));
        line.Append(",\"ecid\":").Append(Json.Text(profile.Ecid));
        line.Append(",\"attributes\":{");
        string separator = "";
        foreach (KeyValuePair<string, AttributeValue> attribute in profile.InOrder())
        {
            line.Append(separator).Append(Json.Text(attribute.Key)).Append(':').Append(Json.Text(attribute.Value.Text));
            separator = ",";
        }

        return line.Append("}}\n").ToString();
    }

    private static async Task WriteProfilesAsync(TargetEmulator emulator, ChunkedBody body)
    {
        var text = new StringBuilder();
        foreach (EmulatedProfile profile in emulator.SortedProfiles())
        {
            text.Append(Line(profile));
            if (text.Length >= FlushAt)
            {
                await body.WriteAsync(text.ToString()).ConfigureAwait(false);
                text.Clear();
            }
        }

        await body.WriteAsync(text.ToString()).ConfigureAwait(false);
    }

    private static string Requests(IReadOnlyList<LoggedRequest> requests)
    {
        var json = new StringBuilder("[");
        foreach (LoggedRequest request in requests)
        {
            json.Append(json.Length > 1 ? ",\n" : "\n");
            json.Append("{\"number\":").Append(request.Number);
            json.Append(",\"receivedAt\":").Append(Json.Text(request.ReceivedAt.ToString("o", CultureInfo.InvariantCulture)));
            json.Append(",\"listener\":").Append(Json.Text(request.Listener));
            json.Append(",\"method\":").Append(Json.Text(request.Method));
            json.Append(",\"target\":").Append(Json.Text(request.Target));
            json.Append(",\"headers\":[");
            json.Append(string.Join(",", request.Headers.Select(header => $"[{Json.Text(header.Key)},{Json.Text(header.Value)}]")));
            json.Append("],\"bodyLength\":").Append(request.BodyLength);
            json.Append(",\"bodySha256\":").Append(Json.Text(request.BodySha256));
            json.Append(",\"contentType\":").Append(Json.Text(request.ContentType));
            json.Append(",\"statusCode\":").Append(request.StatusCode);
            json.Append(",\"applied\":").Append(request.Applied ? "true" : "false");
            json.Append(",\"fault\":").Append(Json.Text(request.Fault)).Append('}');
        }

        return json.Append("\n]\n").ToString();
    }

    private static Reply Done() => new(200, Json.ContentType, "{\"done\":true}") { Applied = true };
}
