namespace TargetProfiles.Sending;

/// <summary>A call that is made again after a while, where that may help.</summary>
internal static class RepeatedCall
{
    public static async Task<T> RunAsync<T>(Func<Task<T>> call, TargetConnectionOptions options, Func<TargetServiceException, bool> mayHelp, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call().ConfigureAwait(false);
            }
            catch (TargetServiceException e) when (mayHelp(e) && attempt <= options.MaximumRetryCount)
            {
                var delay = options.RetryDelays.For(attempt, e.Kind == ServiceFailureKind.Throttled, e.RetryAfter);
                await Task.Delay(delay, cancellation).ConfigureAwait(false);
            }
        }
    }
}
