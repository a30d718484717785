using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
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

    public static void Write(SendReport report) => WriteNode(SendDocument.Of(report));

    public static void Write(IEnumerable<BatchStatusResult> statuses) => WriteNode(SendDocument.List(statuses.Select(SendDocument.Of)));

    public static void Write(TargetProfileJournal journal) => WriteDocument(journal);

    public static void Write(IEnumerable<TargetProfile> profiles) => WriteDocument(profiles);

    /// <summary>Tells why a command did not get as far as a document of its own.</summary>
    public static void WriteError(int exitCode, string error) => WriteNode(new JsonObject { ["exitCode"] = exitCode, ["error"] = error });

    private static void WriteNode(JsonNode document)
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text, new JsonWriterOptions { Indented = true }))
            document.WriteTo(writer);
        Console.Out.WriteLine(Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length));
    }

    private static void WriteDocument<T>(T document) => Console.Out.WriteLine(JsonSerializer.Serialize(document, Options));
}
