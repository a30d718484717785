using System.Globalization;
using TargetProfiles.Emulator.Http;
using TargetProfiles.Emulator.Page;

namespace TargetProfiles.Emulator.Endpoints;

/// <summary>What is decided from the headers alone, before a body is read.</summary>
internal sealed class Admission(EmulatorOptions options, TokenDesk tokens, CallWindow window)
{
    /// <summary>The refusal, or null if the request may go on.</summary>
    public Reply? Refuse(RequestHead head, Route route)
    {
        if (route.Kind == EndpointKind.None)
        {
            return ErrorReply.Of(head, 404, "Not Found");
        }

        if (!route.Methods.Split(',').Any(method => method.Trim() == head.Method) && !(head.Method == "HEAD" && route.Methods == "GET"))
        {
            return ErrorReply.Of(head, 405, "Method Not Allowed").With("Allow", route.Methods);
        }

        if (route.Kind is EndpointKind.Emulator or EndpointKind.Page && OwnPageGuard.Refusal(head, route, options) is { } reason)
        {
            return ErrorReply.Of(head, 403, reason);
        }

        if (head.ContentLength > options.MaxRequestBody)
        {
            return ErrorReply.Of(head, 413, "Request Entity Too Large");
        }

        // The Admin API shares the account's calls a minute [documented].
        if (route.Kind == EndpointKind.Token)
        {
            return RefuseThrottled(head);
        }

        return route.Kind is EndpointKind.Submit or EndpointKind.Status or EndpointKind.Update or EndpointKind.Fetch
            ? RefuseCall(head, route)
            : null;
    }

    private Reply? RefuseCall(RequestHead head, Route route)
    {
        string? code = route.Kind == EndpointKind.Fetch ? head.QueryValue("client") : route.ClientCode;
        bool known = code == options.ClientCode || (route.Kind != EndpointKind.Fetch && options.AliasLiteralClient && code == "client");
        if (!known)
        {
            return ErrorReply.Of(head, 400, code is null ? "Bad Request: client is required" : "Bad Request: unknown client " + code);
        }

        bool status = route.Kind == EndpointKind.Status;
        if ((!status || options.TokenRequiredForStatus) && !tokens.Admits(head))
        {
            return ErrorReply.Of(head, 403, "Forbidden");
        }

        bool counted = route.Kind == EndpointKind.Submit || (status && options.ThrottleStatusCalls);
        return counted ? RefuseThrottled(head) : null;
    }

    private Reply? RefuseThrottled(RequestHead head)
    {
        if (window.TryTake(options.ThrottleEnabled ? options.CallsPerMinute : int.MaxValue))
        {
            return null;
        }

        Reply refusal = ErrorReply.Of(head, 503, "Service Unavailable");
        return options.RetryAfterSeconds is { } seconds
            ? refusal.With("Retry-After", seconds.ToString(CultureInfo.InvariantCulture))
            : refusal;
    }
}
