using TargetProfiles.Service;

namespace TargetProfiles.Sending;

/// <summary>Calls of the Admin API, repeated where that may help and does no harm.</summary>
public sealed class AdminCalls(TargetAdminConnection connection)
{
    private readonly TargetAdminClient _client = new(connection);

    /// <summary>Fetches the profile authentication token that is valid now.</summary>
    /// <exception cref="TargetServiceException">The call failed, or there is no token.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public Task<TargetProfileToken> GetProfileTokenAsync(CancellationToken cancellation) =>
        RepeatedCall.RunAsync(() => _client.GetProfileTokenAsync(cancellation), connection.Network, failure => failure.IsTransient, cancellation);

    /// <summary>Makes a new profile authentication token, which revokes the one before at once. Repeated only if it was not taken.</summary>
    /// <exception cref="TargetServiceException">The call failed; the message says whether a token may have been made.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public async Task<TargetProfileToken> NewProfileTokenAsync(CancellationToken cancellation)
    {
        try
        {
            return await RepeatedCall.RunAsync(() => _client.NewProfileTokenAsync(cancellation), connection.Network, IsNotTaken, cancellation).ConfigureAwait(false);
        }
        catch (TargetServiceException e) when (e.IsTransient && !IsNotTaken(e))
        {
            throw new TargetServiceException(
                e.Kind,
                $"{e.Message} Target may have made a new token all the same; then the old one is revoked.",
                "Run Get-TargetProfileToken: it tells the token that is valid now. Make a new one only if there is none.",
                e.StatusCode,
                e);
        }
    }

    private static bool IsNotTaken(TargetServiceException failure) => failure.Kind == ServiceFailureKind.Throttled;
}
