using System.Text.Json;

namespace TargetProfiles.Sending.Journal;

/// <summary>A command began, or went on with what an earlier one had left.</summary>
internal sealed record RunRecord(int FormatVersion, string Tool, DateTime At, IReadOnlyDictionary<string, string> Settings) : JournalRecord("run")
{
    public override void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("format", FormatVersion);
        json.WriteString("tool", Tool);
        json.WriteMoment("at", At);
        json.WriteStartObject("settings");
        foreach (var setting in Settings)
            json.WriteString(setting.Key, setting.Value);
        json.WriteEndObject();
    }

    public static new RunRecord From(JsonElement json)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        if (json.TryGetProperty("settings", out var written) && written.ValueKind == JsonValueKind.Object)
        {
            foreach (var setting in written.EnumerateObject())
                settings[setting.Name] = setting.Value.GetString() ?? "";
        }

        return new RunRecord(json.Int("format"), json.RequiredText("tool"), json.Moment("at"), settings);
    }
}
