namespace TargetProfiles.Sending.Statuses;

/// <summary>How long to leave a batch alone before it is asked for again.</summary>
internal sealed class PollPauses(TargetConnection connection, BatchStatusOptions options)
{
    private const double Growth = 1.6;

    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);

    /// <summary>The pause after a question.</summary>
    /// <param name="watch">The batch that was asked for.</param>
    /// <param name="open">Batches that share the calls with it, itself among them.</param>
    public TimeSpan After(BatchWatch watch, int open)
    {
        // The gate holds the next question back as long as the service wants it to.
        if (watch.Failure is { } failure)
            return failure.Kind == ServiceFailureKind.Throttled ? TimeSpan.Zero : connection.Options.RetryDelays.For(watch.Failures, throttled: false, failure.RetryAfter);
        var grown = watch.LastPause == TimeSpan.Zero ? First : TimeSpan.FromTicks((long)(watch.LastPause.Ticks * Growth));
        watch.LastPause = grown < options.PollInterval ? grown : options.PollInterval;
        // Where the calls do not suffice, the oldest must not take those of all others.
        var round = connection.CallsPerMinute == 0 ? TimeSpan.Zero : TimeSpan.FromMinutes((double)open / connection.CallsPerMinute);
        return round > options.PollInterval ? round : watch.LastPause;
    }
}
