using System.Globalization;
using System.Text.Json;

namespace TargetProfiles.Sending.Journal;

/// <summary>Members of a record, read as what they must be.</summary>
internal static class JournalJson
{
    public static string? Text(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <exception cref="FormatException">It is missing.</exception>
    public static string RequiredText(this JsonElement json, string name) => json.Text(name) ?? throw Missing(name);

    /// <exception cref="FormatException">It is missing or negative.</exception>
    public static long Number(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= 0 ? number : throw Missing(name);

    public static long? OptionalNumber(this JsonElement json, string name) => json.TryGetProperty(name, out _) ? json.Number(name) : null;

    /// <exception cref="FormatException">It is missing or negative.</exception>
    /// <exception cref="OverflowException">It is too large.</exception>
    public static int Int(this JsonElement json, string name) => checked((int)json.Number(name));

    /// <returns>Null if it is missing.</returns>
    public static int? OptionalInt(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    public static bool Bool(this JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    /// <exception cref="FormatException">It is missing, or no moment.</exception>
    public static DateTime Moment(this JsonElement json, string name) =>
        DateTime.Parse(json.RequiredText(name), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal);

    public static void WriteMoment(this Utf8JsonWriter json, string name, DateTime utc) =>
        json.WriteString(name, utc.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));

    /// <summary>Writes nothing if there is no number.</summary>
    public static void WriteOptionalNumber(this Utf8JsonWriter json, string name, long? number)
    {
        if (number is long known)
            json.WriteNumber(name, known);
    }

    /// <exception cref="FormatException">It is missing.</exception>
    public static IEnumerable<JsonElement> List(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : throw Missing(name);

    private static FormatException Missing(string name) => new($"'{name}' is missing");
}
