using System.Net.Http.Headers;

namespace TargetProfiles.Service;

/// <summary>The wire to the Admin API, as far as it is about the profile authentication token: one call each.</summary>
internal sealed class TargetAdminClient(TargetAdminConnection connection)
{
    private const int MaxReplyBytes = 64 * 1024;
    private const string MediaType = "application/vnd.adobe.target.v1+json";

    /// <summary>Fetches the token that is valid now (fact 3.1).</summary>
    /// <exception cref="TargetServiceException">The call failed, or there is no token.</exception>
    public Task<TargetProfileToken> GetProfileTokenAsync(CancellationToken cancellation) =>
        CallAsync(HttpMethod.Get, "Fetching the profile authentication token", cancellation);

    /// <summary>Makes a new token; the one before is revoked at once (fact 3.1).</summary>
    /// <exception cref="TargetServiceException">The call failed.</exception>
    public Task<TargetProfileToken> NewProfileTokenAsync(CancellationToken cancellation) =>
        CallAsync(HttpMethod.Post, "Making a profile authentication token", cancellation);

    private async Task<TargetProfileToken> CallAsync(HttpMethod method, string call, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, new Uri(connection.Endpoint, $"{connection.Tenant}/target/authentication/token?authorizationScope={ServiceJson.ProfileScope}"));
        request.Headers.Authorization = connection.Authorization;
        request.Headers.Add("X-Api-Key", connection.ApiKey);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(MediaType));
        request.Headers.ExpectContinue = false;
        var reply = await ServiceCall.SendAsync(connection.Http, request, MaxReplyBytes, connection.Network, connection.Proxy, call, cancellation).ConfigureAwait(false);
        if (!reply.IsSuccess)
            throw ServiceFailures.FromReply(reply, connection, call, asksForToken: method == HttpMethod.Get);
        // Nothing of the reply is told: it may hold a token all the same.
        return ServiceJson.ProfileToken(reply.Body, connection.Tenant, DateTime.UtcNow) ?? throw new TargetServiceException(
            ServiceFailureKind.UnreadableReply,
            $"{call} at {connection.Endpoint.Authority}: HTTP {reply.StatusCode}, but the reply holds no profile authentication token.",
            "Check the proxy: another server may have answered. Then run the same command again.",
            reply.StatusCode);
    }
}
