using System.Globalization;
using TargetProfiles.Emulator.Http;

namespace TargetProfiles.Emulator.Endpoints;

/// <summary>The Admin API's token endpoint: GET retrieves, POST makes a new one and revokes the old [documented]. That it tells the time left, and 404 without a token, is Inferred.</summary>
internal sealed class TokenEndpoint(EmulatorOptions options, TokenDesk tokens)
{
    private const string MediaType = "application/vnd.adobe.target.v1+json";

    public Reply Answer(RequestHead head)
    {
        const string Scheme = "Bearer ";
        if (head.Header("Authorization") is not { } authorization || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return Error(401, "Unauthorized", "Oauth token is missing");
        }

        if (string.IsNullOrWhiteSpace(head.Header("X-Api-Key")))
        {
            return Error(400, "BadRequest", "X-Api-Key is missing");
        }

        if (options.AccessToken is { } accessToken && authorization.Substring(Scheme.Length).Trim() != accessToken)
        {
            return GatewayError(401, "401013", "Oauth token is not valid");
        }

        if (options.ApiKey is { } apiKey && head.Header("X-Api-Key") != apiKey)
        {
            return GatewayError(403, "403003", "Api Key is invalid");
        }

        string? scope = head.QueryValue("authorizationScope") ?? head.QueryValue("scope");
        if (scope != "profile_api")
        {
            return Error(400, "BadRequest", "authorizationScope must be profile_api");
        }

        bool make = head.Method == "POST";
        (string Token, TimeSpan Left)? token = make ? tokens.Make() : tokens.Current();
        return token is { } held
            ? new Reply(make ? 201 : 200, MediaType, string.Format(
                CultureInfo.InvariantCulture,
                "{{\"accessToken\":{0},\"tokenType\":\"bearer\",\"scope\":\"profile_api\",\"expiresIn\":{1}}}",
                Json.Text(held.Token),
                (long)held.Left.TotalSeconds))
            {
                Applied = make,
            }
            : Error(404, "NotFound", "There is no token");
    }

    /// <summary>What stands before Adobe's APIs has errors of its own shape [observed].</summary>
    private static Reply GatewayError(int status, string code, string message) =>
        new(status, Json.ContentType, $"{{\"error_code\":{Json.Text(code)},\"message\":{Json.Text(message)}}}");

    private static Reply Error(int status, string code, string message) => new(status, MediaType, string.Format(
        CultureInfo.InvariantCulture,
        "{{\"httpStatus\":{0},\"requestId\":{1},\"requestTime\":{2},\"errors\":[{{\"errorCode\":{3},\"message\":{4},\"meta\":{{}}}}]}}",
        status,
        Json.Text(Guid.NewGuid().ToString("N")),
        Json.Text(DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)),
        Json.Text(code),
        Json.Text(message)));
}
