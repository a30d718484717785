using System.Text;
using System.Text.Json;
using TargetProfiles.Emulator.Endpoints;
using TargetProfiles.Emulator.Http;
using TargetProfiles.Emulator.Profiles;

namespace TargetProfiles.Emulator.Page;

/// <summary>What the live page shows, as JSON.</summary>
internal sealed class LiveState(TargetEmulator emulator, ProfileService service, CallWindow window, RequestLog log)
{
    private const int MostBatches = 100;
    private const int MostRequests = 50;
    private const int MostProfiles = 20;
    private const int MostFailedIds = 20;

    /// <param name="find">An id to find profiles by, whichever kind it is; null or empty for the latest ones.</param>
    public string Read(string? find)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("clientCode", emulator.ClientCode);
            json.WriteString("endpoint", emulator.Endpoint.GetLeftPart(UriPartial.Authority));
            json.WriteString("statusEndpoint", emulator.StatusEndpoint.GetLeftPart(UriPartial.Authority));
            json.WriteString("now", emulator.Clock.UtcNow);
            json.WriteNumber("callsInLastMinute", window.Count);
            json.WriteNumber("profileCount", service.Count);
            WriteCounts(json, service.CountByStatus());
            WriteList(json, "batches", service.LatestBatches(MostBatches), Write);
            WriteList(json, "profiles", string.IsNullOrEmpty(find) ? service.LatestProfiles(MostProfiles) : Found(find!), Write);
            WriteList(json, "requests", log.Latest(MostRequests), Write);
            WriteList(json, "switches", LiveSwitch.All, (writer, item) => item.Write(writer, emulator.Options));
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private static void WriteCounts(Utf8JsonWriter json, Dictionary<string, int> byStatus)
    {
        json.WriteStartObject("batchCounts");
        foreach (string status in new[] { "incomplete", "complete", "stuck" })
        {
            json.WriteNumber(status, byStatus.TryGetValue(status, out int count) ? count : 0);
        }

        json.WriteEndObject();
    }

    private static void WriteList<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (T item in items)
        {
            write(json, item);
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, EmulatedBatch batch)
    {
        json.WriteStartObject();
        json.WriteString("batchId", batch.BatchId);
        json.WriteNumber("version", batch.Version);
        json.WriteString("idType", batch.IdType);
        json.WriteString("submittedAt", batch.SubmittedAt);
        json.WriteString("status", batch.Status);
        json.WriteBoolean("hasStatus", batch.HasStatus);
        json.WriteNumber("rows", batch.Rows);
        json.WriteNumber("consumed", batch.ConsumedCount);
        json.WriteNumber("successful", batch.SuccessfulUpdates);
        json.WriteNumber("notFound", batch.ProfilesNotFound);
        json.WriteNumber("failed", batch.FailedUpdates);
        WriteList(json, "failedIds", batch.FailedIds.Take(MostFailedIds), (writer, id) => writer.WriteStringValue(id));
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, EmulatedProfile profile)
    {
        json.WriteStartObject();
        json.WriteString("pcId", profile.PcId);
        json.WriteString("thirdPartyId", profile.ThirdPartyId);
        json.WriteString("ecid", profile.Ecid);
        json.WriteString("modifiedAt", profile.ModifiedAt);
        json.WriteStartObject("attributes");
        foreach (KeyValuePair<string, string> attribute in profile.Attributes)
        {
            json.WriteString(attribute.Key, attribute.Value);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, LoggedRequest request)
    {
        json.WriteStartObject();
        json.WriteNumber("number", request.Number);
        json.WriteString("receivedAt", request.ReceivedAt);
        json.WriteString("method", request.Method);
        json.WriteString("target", request.Target);
        json.WriteNumber("bodyLength", request.BodyLength);
        json.WriteNumber("statusCode", request.StatusCode);
        json.WriteString("fault", request.Fault);
        json.WriteEndObject();
    }

    private IEnumerable<EmulatedProfile> Found(string id)
    {
        var found = new[] { emulator.FindByThirdPartyId(id), emulator.FindByPcId(id), emulator.FindByEcid(id) };
        return found.OfType<EmulatedProfile>().GroupBy(profile => profile.PcId).Select(same => same.First());
    }
}
