using System.Globalization;
using System.Text.Json;

namespace TargetProfiles.Service;

/// <summary>The service's JSON replies.</summary>
internal static class ServiceJson
{
    /// <summary>What the Admin API calls the use of a token.</summary>
    public const string ProfileScope = "profile_api";

    private const int LongestToken = 4096;
    private const long LongestLife = 10L * 366 * 86_400;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 16 };

    /// <summary>The <c>message</c> of an error body, or null.</summary>
    public static string? Message(string? text) => Read(text, root => Text(root, "message"));

    /// <summary>A profile (fact 2.4), or null if the text is none.</summary>
    public static TargetProfile? Profile(string? text, string clientCode, ProfileKey key) => Read(text, root => Profile(root, clientCode, key));

    /// <summary>A profile authentication token of a tenant (fact 3.1), or null if the text holds none.</summary>
    public static TargetProfileToken? ProfileToken(string? text, string tenant, DateTime receivedAt) => Read(text, root => ProfileToken(root, tenant, receivedAt));

    private static TargetProfileToken? ProfileToken(JsonElement root, string tenant, DateTime receivedAt)
    {
        // The same page of Target makes tokens of another scope, for its debugger.
        if (Text(root, "accessToken") is not { Length: > 0 and <= LongestToken } token || (Text(root, "scope") ?? ProfileScope) != ProfileScope || !token.All(IsTokenCharacter))
            return null;
        var left = root.TryGetProperty("expiresIn", out var seconds) && seconds.ValueKind == JsonValueKind.Number && seconds.TryGetInt64(out var count) && count is >= 0 and <= LongestLife
            ? TimeSpan.FromSeconds(count)
            : (TimeSpan?)null;
        return new TargetProfileToken(tenant, token, receivedAt, left);
    }

    private static bool IsTokenCharacter(char character) => character is > ' ' and < '\u007F';

    private static TargetProfile? Profile(JsonElement root, string clientCode, ProfileKey key)
    {
        if (!root.TryGetProperty("profileAttributes", out var listed) || listed.ValueKind != JsonValueKind.Object)
            return null;
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        var modified = new Dictionary<string, DateTime>(StringComparer.Ordinal);
        foreach (var attribute in listed.EnumerateObject())
        {
            var value = attribute.Value;
            if (value.ValueKind == JsonValueKind.Object)
            {
                if (Time(value, "modifiedAt") is DateTime time)
                    modified[attribute.Name] = time;
                if (!value.TryGetProperty("value", out value))
                    continue;
            }

            attributes[attribute.Name] = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        }

        return new TargetProfile(clientCode, key, Text(root, "visitorId") ?? Text(root, "mboxPC"), Time(root, "modifiedAt"), attributes, modified);
    }

    // Text that is not JSON throws the one exception, an escaped lone surrogate the other.
    private static T? Read<T>(string? text, Func<JsonElement, T?> read)
        where T : class
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        try
        {
            using var document = JsonDocument.Parse(text!, Options);
            return document.RootElement.ValueKind == JsonValueKind.Object ? read(document.RootElement) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DateTime? Time(JsonElement element, string name) =>
        DateTimeOffset.TryParse(Text(element, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.UtcDateTime : null;
}
