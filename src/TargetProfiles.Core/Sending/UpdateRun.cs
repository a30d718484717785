using System.Globalization;

namespace TargetProfiles.Sending;

/// <summary>
/// Updates profiles one by one, several at a time, and those of one id one after the other, so that the last row wins. Outcomes
/// come in the order of the rows and on the owner's thread; nothing is kept of a row once its outcome was told.
/// </summary>
public sealed class UpdateRun : IDisposable
{
    /// <summary>Updates above which one batch would have been the better way: some minutes of calls, and one call as a batch.</summary>
    public const int ManyUpdates = 10_000;

    /// <summary>Updates within 24 hours at which the service's limit is near.</summary>
    public const int UpdatesNearLimit = ServiceLimits.UpdatesPerDay / 10 * 9;

    /// <summary>Calls in a row that fail, after all tries, before the service counts as down.</summary>
    private const int FailuresThatEnd = 3;

    private const int CountedAtATime = 1_000;

    private readonly UpdateOptions _options;
    private readonly Action<TargetProfileUpdate> _onUpdated;
    private readonly Action<UpdateFailure> _onFailed;
    private readonly Action<string> _warn;
    private readonly string _account;
    private readonly ServiceCalls _calls;
    private readonly OrderedCalls<TargetProfileUpdate> _updates;

    /// <summary>The latest update of each id that is under way.</summary>
    private readonly Dictionary<(ProfileIdType IdType, string Id), Task> _latest = [];
    private readonly SharedUpdates _shared;
    private long _begun;
    private int _uncounted;
    private int _failuresInARow;
    private long _firstFailureInARow;
    private bool _isNearLimit;

    /// <summary>Creates a run.</summary>
    /// <param name="options">How to update.</param>
    /// <param name="connection">Where to send.</param>
    /// <param name="onUpdated">Gets each update that the service took.</param>
    /// <param name="onFailed">Gets each that it did not.</param>
    /// <param name="warn">Gets advice.</param>
    /// <param name="cancellation">Cancels the calls.</param>
    public UpdateRun(UpdateOptions options, TargetConnection connection, Action<TargetProfileUpdate> onUpdated, Action<UpdateFailure> onFailed, Action<string> warn, CancellationToken cancellation)
        : this(options, connection, onUpdated, onFailed, warn, SharedUpdates.For(connection ?? throw new ArgumentNullException(nameof(connection))), cancellation)
    {
    }

    internal UpdateRun(UpdateOptions options, TargetConnection connection, Action<TargetProfileUpdate> onUpdated, Action<UpdateFailure> onFailed, Action<string> warn, SharedUpdates shared, CancellationToken cancellation)
    {
        _options = options ?? throw new ArgumentNullException(nameof(options));
        _onUpdated = onUpdated ?? throw new ArgumentNullException(nameof(onUpdated));
        _onFailed = onFailed ?? throw new ArgumentNullException(nameof(onFailed));
        _warn = warn ?? throw new ArgumentNullException(nameof(warn));
        _account = connection.ClientCode;
        _shared = shared;
        _calls = new ServiceCalls(connection);
        _updates = new OrderedCalls<TargetProfileUpdate>(options.ThrottleLimit, OnDone, cancellation);
        if (connection.TokenExpiryWarning(DateTime.UtcNow) is { } expiry)
            warn(expiry);
    }

    /// <summary>Where every row went.</summary>
    public UpdateAccounting Accounting { get; } = new();

    /// <summary>Counts a row that was read.</summary>
    public void CountRead() => Accounting.Read++;

    /// <summary>Counts the row that was read last as one that breaks a rule.</summary>
    public void CountRejected() => Accounting.Rejected++;

    /// <summary>Sends the update of the row that was read last; waits for the oldest one first if too many are under way.</summary>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public void Add(ProfileUpdate update)
    {
        if (update is null)
            throw new ArgumentNullException(nameof(update));
        _latest.TryGetValue((update.IdType, update.Id), out var earlier);
        _latest[(update.IdType, update.Id)] = _updates.Add(cancellation => SendAfterAsync(earlier, update, cancellation), (update, Accounting.Read));
        if (++_uncounted >= CountedAtATime)
            Count();
        if (++_begun == ManyUpdates)
            _warn(Text($"{ManyUpdates:N0} profiles are updated by a call each so far. Send-TargetProfileBatch sends as many rows in one call, and creates profiles that do not exist."));
    }

    /// <summary>Waits for the outcome of every row.</summary>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public void Complete()
    {
        Accounting.SourceEnded = true;
        _updates.Complete();
        Count();
    }

    /// <summary>Cancels what is under way and waits for its end.</summary>
    public void Dispose()
    {
        _updates.Dispose();
        if (_uncounted > 0)
            Accounting.UpdatesWithin24Hours = _shared.Add(_uncounted);
        _uncounted = 0;
    }

    private async Task<TargetProfileUpdate> SendAfterAsync(Task? earlier, ProfileUpdate update, CancellationToken cancellation)
    {
        // Whatever came of it; a cancellation ends it, too.
        if (earlier is not null)
            await Task.WhenAny(earlier).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        return await SendAsync(update, cancellation).ConfigureAwait(false);
    }

    private async Task<TargetProfileUpdate> SendAsync(ProfileUpdate update, CancellationToken cancellation)
    {
        if (_options.Verify)
            await RequireProfileAsync(update, cancellation).ConfigureAwait(false);
        return await _calls.UpdateProfileAsync(update, _options.Method, cancellation).ConfigureAwait(false);
    }

    private async Task RequireProfileAsync(ProfileUpdate update, CancellationToken cancellation)
    {
        try
        {
            await _calls.GetProfileAsync(update.Key, cancellation).ConfigureAwait(false);
        }
        catch (TargetServiceException e) when (e.Kind == ServiceFailureKind.ProfileNotFound)
        {
            // In words without the id, which the service's own hold.
            throw new TargetServiceException(
                ServiceFailureKind.ProfileNotFound,
                $"Target has no profile with this {update.IdType}, so nothing was sent.",
                "Send-TargetProfileBatch creates profiles (bulk API v2). One that a batch has just made can take up to a day to appear; one unused for 14 days expires.",
                e.StatusCode);
        }
    }

    private void Count()
    {
        Accounting.UpdatesWithin24Hours = _shared.Add(_uncounted);
        _uncounted = 0;
        if (_isNearLimit || Accounting.UpdatesWithin24Hours < UpdatesNearLimit)
            return;
        _isNearLimit = true;
        _warn(Text($"{Accounting.UpdatesWithin24Hours:N0} single updates were sent to {_account} from here within 24 hours. Target allows the whole account {ServiceLimits.UpdatesPerDay:N0}. Send-TargetProfileBatch has no such limit."));
    }

    private void OnDone(Task<TargetProfileUpdate> call, object? key)
    {
        var (update, row) = ((ProfileUpdate, long))key!;
        if (_latest.TryGetValue((update.IdType, update.Id), out var latest) && latest == call)
            _latest.Remove((update.IdType, update.Id));
        if (call.IsCanceled)
            return;
        if (call.Exception?.InnerException is not { } exception)
        {
            _failuresInARow = 0;
            Accounting.Submitted++;
            _onUpdated(call.Result);
            return;
        }

        var failure = exception as TargetServiceException;
        if (failure?.Kind == ServiceFailureKind.ProfileNotFound)
            Accounting.NotFound++;
        else
            Accounting.Failed++;
        _failuresInARow = failure?.IsTransient == true ? _failuresInARow + 1 : 0;
        if (_failuresInARow <= 1)
            _firstFailureInARow = row;
        _onFailed(new UpdateFailure
        {
            Exception = exception,
            Id = update.Id,
            Row = row,
            FirstRowToSendAgain = failure?.EndsEveryCall == true || _failuresInARow >= FailuresThatEnd ? _firstFailureInARow : null,
        });
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.CurrentCulture);
}
