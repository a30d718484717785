using System.Globalization;
using System.Text;
using TargetProfiles.Emulator.Http;
using TargetProfiles.Emulator.Profiles;

namespace TargetProfiles.Emulator.Endpoints;

/// <summary>The profile fetch, by pcId, thirdPartyId or ECID.</summary>
internal sealed class FetchEndpoint(EmulatorOptions options, ProfileService service)
{
    private static readonly TimeZoneInfo EasternTime = FindEasternTime();

    public Reply Fetch(RequestHead head, Route route)
    {
        string id = route.Id;
        var found = service.Fetch(store => route.Name switch
        {
            "thirdPartyId" => store.ByThirdPartyId(id),
            "marketingCloudVisitorId" => store.ByEcid(id),
            _ => store.ByPcId(id),
        });
        if (found is not { } profile)
        {
            string by = route.Name switch
            {
                "thirdPartyId" => "third party id=",
                "marketingCloudVisitorId" => "marketing cloud visitor id=", // Inferred; the documentation has the other two only.
                _ => "mboxPC=",
            };
            return ErrorReply.Of(head, 404, $"No profile found for client {options.ClientCode} with {by}{id}");
        }

        var json = new StringBuilder();
        json.Append("{\"client\":").Append(Json.Text(options.ClientCode));
        json.Append(",\"visitorId\":").Append(Json.Text(id));
        json.Append(",\"modifiedAt\":").Append(Time(profile.ModifiedAt)).Append(",\"profileAttributes\":{");
        string separator = "";
        foreach (KeyValuePair<string, AttributeValue> attribute in profile.Attributes.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            json.Append(separator).Append(Json.Text(attribute.Key)).Append(":{\"value\":").Append(Json.Text(attribute.Value.Text));
            json.Append(",\"modifiedAt\":").Append(Time(attribute.Value.ModifiedAt)).Append('}');
            separator = ",";
        }

        return new Reply(200, Json.ContentType, json.Append("}}").ToString());
    }

    // The documented examples carry milliseconds and the offset of US Eastern time.
    private static string Time(DateTimeOffset time) =>
        Json.Text(TimeZoneInfo.ConvertTime(time, EasternTime).ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture));

    private static TimeZoneInfo FindEasternTime()
    {
        foreach (string name in new[] { "America/New_York", "Eastern Standard Time" })
        {
            try
            {
                return TimeZoneInfo.FindSystemTimeZoneById(name);
            }
            catch (Exception failure) when (failure is TimeZoneNotFoundException or InvalidTimeZoneException)
            {
                // The other platform's name, or a machine without time zone data.
            }
        }

        return TimeZoneInfo.CreateCustomTimeZone("US-Eastern", TimeSpan.FromHours(-5), "US-Eastern", "US-Eastern");
    }
}
