using System.Text.Json;
using TargetProfiles.Emulator.Endpoints;
using TargetProfiles.Emulator.Http;

namespace TargetProfiles.Emulator.Page;

/// <summary>The page at the emulator's root: what it holds, live, and its switches. Nothing of it comes from elsewhere.</summary>
internal sealed class LivePage(TargetEmulator emulator, LiveState state)
{
    private const int LongestCommand = 4096;

    // Frames and forms have no business here, and text of a batch can never become script or style.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

    public static bool Serves(string name) => name is "state" or "switches" or "live.css" or "live.js" or "icon.svg";

    public static Reply Start() => Guarded(Asset("live.html", "text/html;charset=UTF-8")).With("Vary", "Accept");

    public Reply Answer(RequestHead head, string name, byte[] body) => Guarded(name switch
    {
        "live.css" => Asset(name, "text/css;charset=UTF-8"),
        "live.js" => Asset(name, "text/javascript;charset=UTF-8"),
        "icon.svg" => Asset(name, "image/svg+xml"),
        "switches" => Turn(head, body),
        _ => new Reply(200, Json.ContentType, state.Read(head.QueryValue("find"))),
    });

    private static Reply Guarded(Reply reply) => reply
        .With("Content-Security-Policy", ContentSecurityPolicy)
        .With("X-Content-Type-Options", "nosniff")
        .With("Referrer-Policy", "no-referrer")
        .With("Cross-Origin-Resource-Policy", "same-origin")
        .With("Cross-Origin-Opener-Policy", "same-origin")
        .With("Cache-Control", "no-store");

    private static Reply Asset(string name, string contentType)
    {
        using Stream asset = typeof(LivePage).Assembly.GetManifestResourceStream(name)!;
        using var bytes = new MemoryStream();
        asset.CopyTo(bytes);
        return new Reply(200, contentType, bytes.ToArray());
    }

    private Reply Turn(RequestHead head, byte[] body)
    {
        // A form of another site cannot send this type without asking first.
        if (head.ContentType?.Split(';')[0].Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase) != true)
        {
            return ErrorReply.Of(head, 415, "Send application/json");
        }

        if (body.Length > LongestCommand)
        {
            return ErrorReply.Of(head, 413, "Request Entity Too Large");
        }

        try
        {
            using var json = JsonDocument.Parse(body);
            string? name = json.RootElement.GetProperty("name").GetString();
            if (LiveSwitch.All.FirstOrDefault(known => known.Name == name) is not { } found)
            {
                return ErrorReply.Of(head, 404, "There is no such switch");
            }

            return found.TryTurn(emulator.Options, json.RootElement.GetProperty("value"))
                ? new Reply(200, Json.ContentType, state.Read(find: null)) { Applied = true }
                : ErrorReply.Of(head, 400, $"{found.Label}: this takes {found.Takes}");
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return ErrorReply.Of(head, 400, "Send {\"name\":NAME,\"value\":VALUE}");
        }
    }
}
