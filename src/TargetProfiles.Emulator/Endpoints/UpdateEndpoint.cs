using System.Text;
using TargetProfiles.Emulator.Http;
using TargetProfiles.Emulator.Profiles;

namespace TargetProfiles.Emulator.Endpoints;

/// <summary>The single update: query and form body together; it never creates, and says success all the same (Inferred).</summary>
internal sealed class UpdateEndpoint(EmulatorOptions options, ProfileService service)
{
    private const string Prefix = "profile.";

    public Reply Update(RequestHead head, byte[] body)
    {
        if (head.Method == "GET" && Encoding.UTF8.GetByteCount(head.Query) > options.MaxUpdateQueryBytes)
        {
            return ErrorReply.Of(head, 414, $"Request-URI Too Long: at most {options.MaxUpdateQueryBytes} bytes by GET");
        }

        if (body.Length > options.MaxUpdateBodyBytes)
        {
            return ErrorReply.Of(head, 413, $"Request Entity Too Large: at most {options.MaxUpdateBodyBytes} bytes by POST");
        }

        string? pcId = null;
        string? thirdPartyId = null;
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        string form = head.IsForm ? Encoding.UTF8.GetString(body) : "";
        foreach (KeyValuePair<string, string> pair in PercentText.Pairs(head.Query).Concat(PercentText.Pairs(form)))
        {
            if (pair.Value.Length == 0)
            {
                continue;
            }

            if (pair.Key == "mboxPC")
            {
                pcId = pair.Value;
            }
            else if (pair.Key == "mbox3rdPartyId")
            {
                thirdPartyId = pair.Value;
            }
            else if (pair.Key.Length > Prefix.Length && pair.Key.StartsWith(Prefix, StringComparison.Ordinal))
            {
                attributes[pair.Key.Substring(Prefix.Length)] = pair.Value;
            }
        }

        if (pcId is null && thirdPartyId is null)
        {
            return Answer(success: false, "mboxPC or mbox3rdPartyId is required");
        }

        service.Update(pcId, thirdPartyId, attributes);
        return Answer(success: true, "Request successfully submitted");
    }

    private static Reply Answer(bool success, string message) => new(200, Xml.ContentType, $"""
        <response>
            <success>{(success ? "true" : "false")}</success>
            <pcId></pcId>
            <message>{Xml.Escape(message)}</message>
        </response>
        """.Replace("\r", ""))
    {
        Applied = success,
    };
}
