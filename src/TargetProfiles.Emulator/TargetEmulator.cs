using System.Security.Cryptography.X509Certificates;
using TargetProfiles.Emulator.Endpoints;
using TargetProfiles.Emulator.Http;
using TargetProfiles.Emulator.Page;
using TargetProfiles.Emulator.Profiles;

namespace TargetProfiles.Emulator;

/// <summary>
/// Adobe Target's Profile APIs on this machine: bulk updates v1 and v2 with their status, the single update, the profile
/// fetch and the token endpoint. It listens on 127.0.0.1 and ::1 only.
/// </summary>
public sealed class TargetEmulator : IDisposable
{
    private static readonly List<TargetEmulator> Started = [];

    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<bool> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RequestLog _log;
    private readonly ProfileService _service;
    private readonly LoopbackListener _submit;
    private readonly LoopbackListener _edge;
    private readonly bool _ownsCertificate;
    private int _stopped;

    private TargetEmulator(EmulatorOptions options)
    {
        if (string.IsNullOrEmpty(options.ClientCode))
        {
            throw new InvalidOperationException("EmulatorOptions.ClientCode is empty.");
        }

        Options = options;
        ClientCode = options.ClientCode;
        Faults = new WireFaults(options.Seed);
        _log = new RequestLog(options.RequestLogCapacity);
        _ownsCertificate = options.UseTls && options.Certificate is null;
        Certificate = options.UseTls ? options.Certificate ?? ServerCertificate.Make() : null;
        _service = new ProfileService(options, Clock, _stop.Token);

        var tokens = new TokenDesk(options, Clock);
        var batches = new BatchEndpoints(options, _service, () => StatusEndpoint!.AbsoluteUri);
        var updates = new UpdateEndpoint(options, _service);
        var fetches = new FetchEndpoint(options, _service);
        var tokenEndpoint = new TokenEndpoint(options, tokens);
        var window = new CallWindow(Clock);
        var page = new LivePage(this, new LiveState(this, _service, window, _log));
        var server = new ConnectionServer(this, _log, new Admission(options, tokens, window), Answer, _stop.Token);

        // The first client may be faster than the rest of this constructor.
        var ready = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        LoopbackListener? submit = null;
        try
        {
            submit = new LoopbackListener("submit", options.Port, options, Certificate, () => Refuses("submit"), ServeAsync);
            _edge = new LoopbackListener("edge", options.StatusPort, options, Certificate, () => Refuses("edge"), ServeAsync);
            _submit = submit;
        }
        catch
        {
            ready.SetCanceled();
            submit?.Dispose();
            _service.Dispose();
            DisposeCertificate();
            throw;
        }

        string scheme = options.UseTls ? "https" : "http";
        Endpoint = new Uri($"{scheme}://127.0.0.1:{_submit.Port}");
        StatusEndpoint = new Uri($"{scheme}://127.0.0.1:{_edge.Port}");
        ready.SetResult(true);

        async Task ServeAsync(Connection connection)
        {
            await ready.Task.ConfigureAwait(false);
            await server.ServeAsync(connection).ConfigureAwait(false);
        }

        Reply Answer(Exchange exchange, byte[] body) => exchange.Route.Kind switch
        {
            EndpointKind.Submit => batches.Submit(exchange.Head, exchange.Route, body),
            EndpointKind.Status => batches.Status(exchange.Head),
            EndpointKind.Update => updates.Update(exchange.Head, body),
            EndpointKind.Fetch => fetches.Fetch(exchange.Head, exchange.Route),
            EndpointKind.Token => tokenEndpoint.Answer(exchange.Head),
            EndpointKind.Emulator => exchange.Route.IsOfLivePage
                ? page.Answer(exchange.Head, exchange.Route.Name, body)
                : EmulatorPages.Answer(this, exchange.Head, exchange.Route.Name),
            _ => exchange.Head.Accepts("text/html") ? LivePage.Start() : EmulatorPages.Start(this),
        };
    }

    /// <summary>All emulators of this process that have not been stopped.</summary>
    public static IReadOnlyList<TargetEmulator> Running
    {
        get
        {
            lock (Started)
            {
                return Started.ToArray();
            }
        }
    }

    /// <summary>The client code that the paths must carry.</summary>
    public string ClientCode { get; }

    /// <summary>Where to send everything: <c>http(s)://127.0.0.1:port</c>.</summary>
    public Uri Endpoint { get; }

    /// <summary>The "edge": another port, where status URLs point. It answers everything too.</summary>
    public Uri StatusEndpoint { get; }

    /// <summary>The port of <see cref="Endpoint"/>.</summary>
    public int Port => Endpoint.Port;

    /// <summary>The switches, live.</summary>
    public EmulatorOptions Options { get; }

    /// <summary>The emulator's time.</summary>
    public EmulatorClock Clock { get; } = new();

    /// <summary>The faults to play.</summary>
    public WireFaults Faults { get; }

    /// <summary>The certificate served, or null without TLS.</summary>
    public X509Certificate2? Certificate { get; }

    /// <summary>A snapshot of the request log, by number; see <see cref="EmulatorOptions.RequestLogCapacity"/>.</summary>
    public IReadOnlyList<LoggedRequest> Requests => _log.Snapshot();

    /// <summary>A snapshot of the batches accepted, oldest first; at most the last 10,000.</summary>
    public IReadOnlyList<EmulatedBatch> Batches => _service.Batches();

    /// <summary>A snapshot of all profiles, oldest first.</summary>
    public IReadOnlyList<EmulatedProfile> Profiles => _service.Profiles();

    /// <summary>How many profiles there are.</summary>
    public int ProfileCount => _service.Count;

    /// <summary>Completes when the emulator has stopped and nothing of it runs any more.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Starts an emulator; it serves until stopped or disposed.</summary>
    /// <param name="options">The switches; null for the defaults.</param>
    /// <exception cref="InvalidOperationException">The port is taken.</exception>
    public static TargetEmulator Start(EmulatorOptions? options = null)
    {
        var emulator = new TargetEmulator(options ?? new EmulatorOptions());
        lock (Started)
        {
            Started.Add(emulator);
        }

        return emulator;
    }

    /// <summary>The profile with that thirdPartyId, or null.</summary>
    /// <param name="id">The id, decoded.</param>
    public EmulatedProfile? FindByThirdPartyId(string id) => _service.Find(store => store.ByThirdPartyId(id));

    /// <summary>The profile with that pcId, or null.</summary>
    /// <param name="id">The id, decoded, with or without location hint.</param>
    public EmulatedProfile? FindByPcId(string id) => _service.Find(store => store.ByPcId(id));

    /// <summary>Puts a profile in, as a visit would have; if one of the ids exists, adds to that profile.</summary>
    /// <param name="pcId">The pcId, or null to have one made.</param>
    /// <param name="thirdPartyId">The thirdPartyId, or null.</param>
    /// <param name="ecid">The ECID, or null.</param>
    /// <param name="attributes">Attribute values by bare name, or null.</param>
    public void AddProfile(
        string? pcId = null, string? thirdPartyId = null, string? ecid = null, IReadOnlyDictionary<string, string>? attributes = null) =>
        _service.Add(pcId, thirdPartyId, ecid, attributes ?? new Dictionary<string, string>());

    /// <summary>Writes all profiles as NDJSON, one a line, in ordinal order of thirdPartyId, else pcId.</summary>
    /// <param name="writer">Takes the lines.</param>
    public void WriteProfiles(TextWriter writer)
    {
        if (writer is null)
        {
            throw new ArgumentNullException(nameof(writer));
        }

        foreach (EmulatedProfile profile in SortedProfiles())
        {
            writer.Write(EmulatorPages.Line(profile));
        }
    }

    /// <summary>Finishes all waiting batches and updates at once, whatever their delay.</summary>
    public void ProcessNow() => _service.ProcessNow();

    /// <summary>
    /// A visit: ends the pending set of v2 batches, and with both ids merges the two profiles, where the thirdPartyId's
    /// values win [documented]. Creates the profile if there is none.
    /// </summary>
    /// <param name="pcId">The visitor's pcId, or null.</param>
    /// <param name="thirdPartyId">The visitor's thirdPartyId, or null.</param>
    public void SimulateMboxCall(string? pcId, string? thirdPartyId) => _service.MboxCall(pcId, thirdPartyId);

    /// <summary>Waits, in real time, until no batch or update waits; false if that was not so in time.</summary>
    /// <param name="timeout">How long.</param>
    public bool WaitForIdle(TimeSpan timeout) => _service.WaitForIdle(timeout);

    /// <summary>Closes the listening sockets: new connections are refused by the operating system, open ones stay.</summary>
    public void CloseListeners()
    {
        _submit.Close();
        _edge.Close();
    }

    /// <summary>Listens again, on the same ports.</summary>
    /// <exception cref="InvalidOperationException">A port has been taken meanwhile.</exception>
    public void ReopenListeners()
    {
        _submit.Reopen();
        _edge.Reopen();
    }

    /// <summary>Closes all open connections, idle and busy; clients must connect anew.</summary>
    public void CloseConnections()
    {
        _submit.CloseConnections();
        _edge.CloseConnections();
    }

    /// <summary>Stops: closes everything and waits, shortly, until nothing runs any more.</summary>
    public void Stop()
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 0)
        {
            lock (Started)
            {
                Started.Remove(this);
            }

            _stop.Cancel();
            _submit.Dispose();
            _edge.Dispose();
            _service.Dispose();
            _ = FinishAsync();
        }

        Completion.Wait(TimeSpan.FromMilliseconds(400));
    }

    /// <inheritdoc cref="Stop"/>
    public void Dispose() => Stop();

    /// <summary>The profile with that ECID, or null.</summary>
    /// <param name="id">The id, decoded.</param>
    public EmulatedProfile? FindByEcid(string id) => _service.Find(store => store.ByEcid(id));

    internal EmulatedProfile[] SortedProfiles()
    {
        EmulatedProfile[] profiles = [.. _service.Profiles()];
        Array.Sort(Array.ConvertAll(profiles, profile => profile.ThirdPartyId ?? profile.PcId), profiles, StringComparer.Ordinal);
        return profiles;
    }

    private async Task FinishAsync()
    {
        try
        {
            await Task.WhenAll(_submit.WaitForEndAsync(), _edge.WaitForEndAsync()).ConfigureAwait(false);
        }
        finally
        {
            DisposeCertificate();
            _stop.Dispose();
            _completion.TrySetResult(true);
        }
    }

    private void DisposeCertificate()
    {
        if (_ownsCertificate)
        {
            Certificate?.Dispose();
        }
    }

    private bool Refuses(string listener)
    {
        if (Faults.TakeRefusal(edge: listener == "edge") is not { } fault)
        {
            return false;
        }

        _log.AddWithoutRequest(listener, Clock.UtcNow, statusCode: 0, fault.Kind.ToString());
        return true;
    }
}
