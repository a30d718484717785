using System.Net.Http.Headers;
using System.Text;
using TargetProfiles.Batches;

namespace TargetProfiles.Service;

/// <summary>The wire: a method per endpoint, each one call. Retrying is the caller's.</summary>
internal sealed class TargetClient(TargetConnection connection)
{
    private const int MaxReplyBytes = 1024 * 1024;

    /// <summary>A status may list each of 500,000 rows.</summary>
    private const int MaxStatusBytes = 64 * 1024 * 1024;

    /// <summary>A status address is kept with its batch and shown; Target's take about a hundred characters.</summary>
    private const int MaxStatusAddressLength = 2_000;

    private const long ExpectContinueAbove = 1_000_000;

    private string ClientPath => $"m2/{connection.ClientCode}";

    /// <summary>Submits a batch (fact 2.1). Never throws: a cancelled call has an outcome too.</summary>
    public async Task<SubmitReply> SubmitBatchAsync(SealedBatch batch, ProfileApiVersion version, Action<int> onWritten, CancellationToken cancellation)
    {
        const string Call = "Submitting a batch";
        var address = new Uri(connection.Endpoint, $"{ClientPath}/{(version == ProfileApiVersion.V2 ? "v2/" : "")}profile/batchUpdate");
        using var deadline = new ProgressDeadline(connection.Options.ConnectionTimeout + connection.Options.OperationTimeout, cancellation);
        using var content = new BatchContent(batch, OnWritten, () => deadline.Extend(connection.Options.BatchReplyTimeout), deadline.Token);
        using var request = Request(HttpMethod.Post, address);
        request.Content = content;
        // Without it, a refusal that comes before the body was read is lost in the broken connection, and the body sent in vain.
        request.Headers.ExpectContinue = batch.Length > ExpectContinueAbove;
        try
        {
            using var response = await connection.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token).ConfigureAwait(false);
            var reply = await ServiceReply.ReadAsync(response, MaxReplyBytes, deadline, connection.Options.OperationTimeout).ConfigureAwait(false);
            return Submitted(reply, content.IsWritten, Call);
        }
        catch (Exception e) when (ServiceCall.IsFailed(e))
        {
            if (cancellation.IsCancellationRequested)
                return new SubmitReply(content.IsWritten ? SubmitOutcome.Uncertain : SubmitOutcome.NotAccepted);
            var failure = ServiceFailures.FromException(e, deadline.HasExpired, address, Call, connection.Proxy);
            var outcome = failure.Kind switch
            {
                ServiceFailureKind.HostNotFound or ServiceFailureKind.CertificateUntrusted or ServiceFailureKind.ProxyRejected or ServiceFailureKind.ConnectionClosed => SubmitOutcome.ConnectionUnusable,
                _ => content.IsWritten ? SubmitOutcome.Uncertain : SubmitOutcome.NotAccepted,
            };
            return new SubmitReply(outcome) { Failure = failure };
        }

        void OnWritten(int bytes)
        {
            deadline.Extend(connection.Options.OperationTimeout);
            onWritten(bytes);
        }
    }

    /// <summary>Asks for a batch's status (fact 2.2).</summary>
    /// <param name="batchId">The batch.</param>
    /// <param name="statusUri">The address that the submit's reply named; null asks the endpoint.</param>
    /// <param name="submittedAt">When it was submitted, where known; handed through.</param>
    /// <param name="detailed">Ask for counts.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="TargetServiceException">The call failed.</exception>
    public async Task<TargetBatchStatus> GetBatchStatusAsync(string batchId, Uri? statusUri, DateTime? submittedAt, bool detailed, CancellationToken cancellation)
    {
        const string Call = "Asking for a batch's status";
        statusUri ??= connection.StatusUriOf(batchId);
        var address = connection.Trusted(statusUri ?? new Uri(connection.Endpoint, $"{ClientPath}/profile/batchStatus?batchId={PercentEncoder.Encode(batchId)}"));
        var asked = detailed ? new Uri($"{address.GetLeftPart(UriPartial.Query)}{(address.Query.Length == 0 ? '?' : '&')}showDetails=true") : address;
        using var request = Request(HttpMethod.Get, asked);
        var reply = await CallAsync(request, MaxStatusBytes, Call, cancellation).ConfigureAwait(false);
        if (reply.StatusCode == 404)
            return new TargetBatchStatus(batchId, statusUri, BatchProcessingState.Unknown, "") { SubmittedAt = submittedAt, CheckedAt = DateTime.UtcNow };
        if (!reply.IsSuccess)
            throw ServiceFailures.FromReply(reply, connection, Call);

        var xml = ServiceXml.TryParse(reply.Body);
        if (reply.Body is null || (xml is null && reply.Body.Trim().Length > 0) || xml?.RootName == "html")
            throw ServiceFailures.Unreadable(reply, connection, Call);
        var word = xml?.Text("status") ?? "";
        var notFound = xml?.Number("profilesNotFound");
        var failed = xml?.Number("failedUpdates");
        IReadOnlyList<string> failedIds = xml is null ? [] : [.. xml.Profiles().Where(row => row.Status is "failed" or "error").Select(row => row.Id)];
        return new TargetBatchStatus(batchId, statusUri, State(word, hasFailures: notFound > 0 || failed > 0 || failedIds.Count > 0), ReplyText.Shown(connection.Redact(word)))
        {
            BatchSize = xml?.Number("batchSize"),
            ConsumedCount = xml?.Number("consumedCount"),
            SuccessfulUpdates = xml?.Number("successfulUpdates"),
            ProfilesNotFound = notFound,
            FailedUpdates = failed,
            FailedIds = failedIds,
            SubmittedAt = submittedAt,
            CheckedAt = DateTime.UtcNow,
        };
    }

    /// <summary>Updates one profile (fact 2.3).</summary>
    /// <exception cref="TargetServiceException">The call failed or was refused.</exception>
    public async Task UpdateProfileAsync(ProfileUpdate update, ProfileUpdateMethod method, CancellationToken cancellation)
    {
        const string Call = "Updating a profile";
        var address = new Uri(connection.Endpoint, $"{ClientPath}/profile/update");
        using var request = method == ProfileUpdateMethod.Post
            ? Request(HttpMethod.Post, address)
            : Request(HttpMethod.Get, new Uri($"{address.AbsoluteUri}?{update.Form}"));
        if (method == ProfileUpdateMethod.Post)
        {
            request.Content = new ByteArrayContent(Encoding.ASCII.GetBytes(update.Form));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        }

        var reply = await CallAsync(request, MaxReplyBytes, Call, cancellation).ConfigureAwait(false);
        if (!reply.IsSuccess)
            throw ServiceFailures.FromReply(reply, connection, Call);
        var xml = ServiceXml.TryParse(reply.Body);
        switch (xml?.Text("success"))
        {
            case "true":
                return;
            case "false":
                throw Refused(reply, Call);
            default:
                throw ServiceFailures.Unreadable(reply, connection, Call);
        }
    }

    /// <summary>Fetches a profile by one of its ids (fact 2.4).</summary>
    /// <exception cref="TargetServiceException">The call failed, or there is no such profile.</exception>
    public async Task<TargetProfile> GetProfileAsync(ProfileKey key, CancellationToken cancellation)
    {
        const string Call = "Fetching a profile";
        var address = new Uri(connection.Endpoint, $"rest/v1/profiles/{key.Path}?client={connection.ClientCode}");
        using var request = Request(HttpMethod.Get, address);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        var reply = await CallAsync(request, MaxReplyBytes, Call, cancellation).ConfigureAwait(false);
        if (!reply.IsSuccess)
            throw ServiceFailures.FromReply(reply, connection, Call, asksForProfile: true);
        return ServiceJson.Profile(reply.Body, connection.ClientCode, key)
            ?? throw ServiceFailures.Unreadable(reply, connection, Call);
    }

    private static BatchProcessingState State(string word, bool hasFailures) => word.ToUpperInvariant() switch
    {
        "COMPLETE" when hasFailures => BatchProcessingState.CompleteWithFailures,
        "COMPLETE" => BatchProcessingState.Complete,
        "INCOMPLETE" => BatchProcessingState.Incomplete,
        "STUCK" => BatchProcessingState.Stuck,
        _ => BatchProcessingState.Unknown,
    };

    private static string? BatchIdOf(Uri statusUri)
    {
        foreach (var pair in statusUri.Query.TrimStart('?').Split('&'))
        {
            if (pair.StartsWith("batchId=", StringComparison.OrdinalIgnoreCase))
                return ReplyText.Shown(Uri.UnescapeDataString(pair.Substring("batchId=".Length)));
        }

        return null;
    }

    private SubmitReply Submitted(ServiceReply reply, bool isWritten, string call)
    {
        if (!reply.IsSuccess)
            return new SubmitReply(OutcomeOf(reply.StatusCode, isWritten)) { Failure = ServiceFailures.FromReply(reply, connection, call) };
        var xml = ServiceXml.TryParse(reply.Body);
        if (xml?.Text("success") == "false")
            return new SubmitReply(SubmitOutcome.Refused) { Failure = Refused(reply, call) };
        if (xml?.Text("success") != "true")
            return new SubmitReply(SubmitOutcome.Uncertain) { Failure = ServiceFailures.Unreadable(reply, connection, call) };
        var statusUri = xml.Text("batchStatus") is { Length: <= MaxStatusAddressLength } text && Uri.TryCreate(text, UriKind.Absolute, out var uri) ? uri : null;
        // A server that echoes the token must not get it into results, journals and logs.
        if (statusUri is not null && connection.Redact(statusUri.AbsoluteUri) != statusUri.AbsoluteUri)
            statusUri = null;
        var batchId = statusUri is null ? null : BatchIdOf(statusUri);
        if (batchId is not null)
            connection.Remember(batchId, statusUri!);
        return new SubmitReply(SubmitOutcome.Accepted) { StatusUri = statusUri, BatchId = batchId };
    }

    private static SubmitOutcome OutcomeOf(int status, bool isWritten) => status switch
    {
        408 or 429 or 503 => SubmitOutcome.NotAccepted,
        400 or 401 or 403 or 407 or (>= 300 and < 400) => SubmitOutcome.ConnectionUnusable,
        < 200 or >= 500 => isWritten ? SubmitOutcome.Uncertain : SubmitOutcome.NotAccepted,
        _ => SubmitOutcome.Refused,
    };

    private TargetServiceException Refused(ServiceReply reply, string call) => new(
        ServiceFailureKind.Refused,
        $"{call} at {connection.Endpoint.Authority}: the service refused it (success=false){ServiceFailures.Said(reply, connection.Redact)}.",
        "Read the service's message and change what it names. Sending the same bytes again will not help.",
        reply.StatusCode);

    private HttpRequestMessage Request(HttpMethod method, Uri address)
    {
        var request = new HttpRequestMessage(method, address);
        request.Headers.Authorization = connection.Authorization;
        // Not said, .NET Framework would ask for leave before every body.
        request.Headers.ExpectContinue = false;
        return request;
    }

    private Task<ServiceReply> CallAsync(HttpRequestMessage request, int maxBytes, string call, CancellationToken cancellation) =>
        ServiceCall.SendAsync(connection.Http, request, maxBytes, connection.Options, connection.Proxy, call, cancellation);
}
