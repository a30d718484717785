namespace TargetProfiles.Sending;

/// <summary>Runs calls in the background, some at a time, and hands the results back in the order they were added, on the owner's thread.</summary>
/// <typeparam name="T">What a call yields.</typeparam>
public sealed class OrderedCalls<T> : IDisposable
{
    private readonly int _limit;
    private readonly Action<Task<T>, object?> _onDone;
    private readonly CancellationTokenSource _cancellation;
    private readonly Queue<(Task<T> Call, object? Key)> _calls = new();

    /// <summary>Creates a queue.</summary>
    /// <param name="limit">Calls at a time.</param>
    /// <param name="onDone">Gets each ended call and the key it was added with.</param>
    /// <param name="cancellation">Cancels the calls.</param>
    public OrderedCalls(int limit, Action<Task<T>, object?> onDone, CancellationToken cancellation)
    {
        _limit = limit;
        _onDone = onDone ?? throw new ArgumentNullException(nameof(onDone));
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
    }

    /// <summary>Starts a call; waits for the oldest one first if too many are under way.</summary>
    /// <returns>The call, as it will be handed back.</returns>
    /// <exception cref="OperationCanceledException">The calls were cancelled.</exception>
    public Task<T> Add(Func<CancellationToken, Task<T>> call, object? key)
    {
        if (call is null)
            throw new ArgumentNullException(nameof(call));
        while (_calls.Count > 0 && (_calls.Count >= _limit || _calls.Peek().Call.IsCompleted))
            TakeOldest();
        _cancellation.Token.ThrowIfCancellationRequested();
        var token = _cancellation.Token;
        var started = Task.Run(() => call(token), token);
        _calls.Enqueue((started, key));
        return started;
    }

    /// <summary>Waits for all calls.</summary>
    /// <exception cref="OperationCanceledException">The calls were cancelled.</exception>
    public void Complete()
    {
        while (_calls.Count > 0)
            TakeOldest();
    }

    /// <summary>Cancels what is under way and waits for its end.</summary>
    public void Dispose()
    {
        _cancellation.Cancel();
        while (_calls.Count > 0)
            WaitFor(_calls.Dequeue().Call);
        _cancellation.Dispose();
    }

    private void TakeOldest()
    {
        var (call, key) = _calls.Peek();
        WaitFor(call);
        _cancellation.Token.ThrowIfCancellationRequested();
        _calls.Dequeue();
        _onDone(call, key);
    }

    private static void WaitFor(Task call)
    {
        // Not Wait(): a failed call's exception belongs to whoever looks at it.
        Task.WaitAny(call);
    }
}
