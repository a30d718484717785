using System.Collections.Concurrent;
using System.Diagnostics;

namespace TargetProfiles.Sending;

/// <summary>
/// Keeps this user's processes together within the account's calls a minute (fact 2.5), submits before status calls. One
/// 503 shuts the gate for everyone; when it opens, a single call of each process goes ahead, and the others follow once it
/// got through.
/// </summary>
/// <param name="callsPerMinute">Calls a minute; 0 means no limit.</param>
/// <param name="account">What all budgets of an account share.</param>
internal sealed class CallBudget(int callsPerMinute, CallBudget.Account account)
{
    private static readonly ConcurrentDictionary<string, Account> Accounts = new(StringComparer.OrdinalIgnoreCase);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    /// <summary>The budget of a connection; its account is one for the whole process.</summary>
    public static CallBudget For(TargetConnection connection) =>
        new(connection.CallsPerMinute, Accounts.GetOrAdd(Key(connection), key => new Account(shared: SharedCalls.For(key, connection.Endpoint.IsLoopback))));

    private static string Key(TargetConnection connection) => $"{connection.Endpoint.Authority}/{connection.ClientCode}";

    /// <summary>Waits for a turn.</summary>
    /// <returns>The turn, to be handed back when the call has ended.</returns>
    public async Task<Turn> TakeAsync(bool isSubmit, Action<TimeSpan>? onWait, CancellationToken cancellation)
    {
        if (isSubmit)
            Interlocked.Increment(ref account.WaitingSubmits);
        try
        {
            var told = false;
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                var wait = TryTake(isSubmit, out var turn);
                if (turn is not null)
                    return turn;
                if (!told && wait > TimeSpan.FromSeconds(1))
                {
                    told = true;
                    onWait?.Invoke(wait);
                }

                await Task.Delay(wait, cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            if (isSubmit)
                Interlocked.Decrement(ref account.WaitingSubmits);
        }
    }

    /// <summary>Takes a turn if there is one.</summary>
    /// <returns>Zero, or how long to wait before asking again.</returns>
    internal TimeSpan TryTake(bool isSubmit, out Turn? turn)
    {
        turn = null;
        lock (account)
        {
            var now = account.Clock();
            if (now < account.ShutUntil)
                return AtLeastATick(account.ShutUntil - now);
            if (account.IsProbing || (!isSubmit && Volatile.Read(ref account.WaitingSubmits) > 0))
                return Tick;
            using var file = account.OpenShared(now, out var isBusy);
            if (isBusy)
                return Tick;
            if (now < account.ShutUntil)
                return AtLeastATick(account.ShutUntil - now);
            while (account.Calls.Count > 0 && now - account.Calls.Peek() >= Window)
                account.Calls.Dequeue();
            if (callsPerMinute > 0 && account.Calls.Count >= callsPerMinute)
                return AtLeastATick(account.Calls.Peek() + Window - now);
            account.Calls.Enqueue(now);
            account.Save(file);
            account.IsProbing = account.NeedsProbe;
            turn = new Turn(account, account.Shuts);
            return TimeSpan.Zero;
        }
    }

    private static TimeSpan AtLeastATick(TimeSpan wait) => wait > Tick ? wait : Tick;

    /// <summary>The calls of one account. Changed under its own lock.</summary>
    /// <param name="clock">Tells the time since the machine's start; tests turn it by hand.</param>
    /// <param name="shared">The calls of this user's other processes; null where they are not known.</param>
    internal sealed class Account(Func<TimeSpan>? clock = null, SharedCalls? shared = null)
    {
        public int WaitingSubmits;

        private SharedCalls? _shared = shared;

        public Func<TimeSpan> Clock { get; } = clock ?? SinceMachineStart;

        /// <summary>When the calls of the last minute began, those without a limit too.</summary>
        public Queue<TimeSpan> Calls { get; } = new();

        public TimeSpan ShutUntil { get; set; }

        public bool IsProbing { get; set; }

        public bool NeedsProbe { get; set; }

        /// <summary>Times the gate was shut: a call from before says nothing of what the service takes now.</summary>
        public int Shuts { get; set; }

        /// <summary>Takes over what the other processes did; the file is theirs again when it is closed.</summary>
        public FileStream? OpenShared(TimeSpan now, out bool isBusy)
        {
            isBusy = false;
            if (_shared is null)
                return null;
            try
            {
                var file = _shared.Open();
                SharedCalls.Load(file, now, Calls, out var shutUntil);
                if (shutUntil > ShutUntil)
                {
                    ShutUntil = shutUntil;
                    NeedsProbe = true;
                }

                return file;
            }
            catch (IOException) when (File.Exists(_shared.Path))
            {
                isBusy = true;
                return null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                // There is no place for the file: this process keeps to the limit by itself.
                _shared = null;
                return null;
            }
        }

        public void Save(FileStream? file)
        {
            if (file is not null)
                SharedCalls.Save(file, Calls, ShutUntil);
        }

        /// <summary>Tells the other processes that the gate is shut; if one has the file just now, they find out themselves.</summary>
        public void SaveShut()
        {
            using var file = OpenShared(Clock(), out _);
            Save(file);
        }

        private static TimeSpan SinceMachineStart() => TimeSpan.FromSeconds(Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency);
    }

    /// <summary>The right to one call. Disposing it hands it back, whatever became of the call.</summary>
    internal sealed class Turn(Account account, int shuts) : IDisposable
    {
        private bool _isOver;

        /// <summary>The call got an answer other than "too many".</summary>
        public void Passed() => End(() => account.NeedsProbe = false);

        /// <summary>The service said "too many": nobody calls for a while.</summary>
        public void Shut(TimeSpan delay)
        {
            lock (account)
            {
                _isOver = true;
                account.Shuts++;
                account.IsProbing = false;
                account.NeedsProbe = true;
                var until = account.Clock() + delay;
                if (until > account.ShutUntil)
                    account.ShutUntil = until;
                account.SaveShut();
            }
        }

        /// <summary>The call ended, and does not tell whether the gate is open.</summary>
        public void Dispose() => End(() => { });

        private void End(Action then)
        {
            lock (account)
            {
                if (_isOver || shuts != account.Shuts)
                    return;
                _isOver = true;
                account.IsProbing = false;
                then();
            }
        }
    }
}
