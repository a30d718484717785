using TargetProfiles.Service;

namespace TargetProfiles.Sending;

/// <summary>Calls of a single profile or status, repeated while that may help. They are idempotent, so repeating is safe.</summary>
public sealed class ServiceCalls(TargetConnection connection)
{
    private readonly TargetClient _client = new(connection);

    /// <summary>Updates one profile.</summary>
    /// <exception cref="TargetServiceException">The call failed or was refused.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public async Task<TargetProfileUpdate> UpdateProfileAsync(ProfileUpdate update, ProfileUpdateMethod method, CancellationToken cancellation)
    {
        if (update is null)
            throw new ArgumentNullException(nameof(update));
        await RepeatedAsync(async () =>
        {
            await _client.UpdateProfileAsync(update, method, cancellation).ConfigureAwait(false);
            return true;
        }, cancellation).ConfigureAwait(false);
        return new TargetProfileUpdate(update, DateTime.UtcNow);
    }

    /// <summary>Fetches one profile.</summary>
    /// <exception cref="TargetServiceException">The call failed, or there is no such profile.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public Task<TargetProfile> GetProfileAsync(ProfileKey key, CancellationToken cancellation)
    {
        if (key is null)
            throw new ArgumentNullException(nameof(key));
        return RepeatedAsync(() => _client.GetProfileAsync(key, cancellation), cancellation);
    }

    internal Task<T> RepeatedAsync<T>(Func<Task<T>> call, CancellationToken cancellation) =>
        RepeatedCall.RunAsync(call, connection.Options, failure => failure.IsTransient, cancellation);
}
