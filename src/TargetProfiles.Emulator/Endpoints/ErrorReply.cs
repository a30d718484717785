using System.Globalization;
using TargetProfiles.Emulator.Http;

namespace TargetProfiles.Emulator.Endpoints;

/// <summary>Errors as the service words them: JSON for who accepts it, else XML under a class name [observed]; its children are Inferred.</summary>
internal static class ErrorReply
{
    private const string Root = "com.adobe.tnt.profileservice.crud.ResponseErrorBody";

    public static Reply Of(RequestHead? head, int status, string message) =>
        head is not null && head.Accepts("application/json")
            ? new Reply(status, Json.ContentType, "{\"status\" : " + Number(status) + ", \"message\" : " + Json.Text(message) + "}")
            : new Reply(status, Xml.ContentType, $"<{Root}><status>{Number(status)}</status><message>{Xml.Escape(message)}</message></{Root}>");

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
