using System.Net;
using TargetProfiles.Emulator;
using TargetProfiles.Service;

namespace TargetProfiles.Core.Tests;

/// <summary>What a failed call is told as: kind, words, remedy, and what it means for a batch.</summary>
public sealed class FailedCallTests : IDisposable
{
    private readonly Wire _wire = new();

    public void Dispose() => _wire.Dispose();

    [Theory]
    [InlineData(400, nameof(SubmitOutcome.ConnectionUnusable), ServiceFailureKind.RequestRejected, "client code")]
    [InlineData(401, nameof(SubmitOutcome.ConnectionUnusable), ServiceFailureKind.TokenRejected, "none was given")]
    [InlineData(403, nameof(SubmitOutcome.ConnectionUnusable), ServiceFailureKind.TokenRejected, "none was given")]
    [InlineData(404, nameof(SubmitOutcome.Refused), ServiceFailureKind.Refused, "HTTP 404")]
    [InlineData(407, nameof(SubmitOutcome.ConnectionUnusable), ServiceFailureKind.ProxyRejected, "proxy")]
    [InlineData(408, nameof(SubmitOutcome.NotAccepted), ServiceFailureKind.Refused, "HTTP 408")]
    [InlineData(413, nameof(SubmitOutcome.Refused), ServiceFailureKind.Refused, "HTTP 413")]
    [InlineData(429, nameof(SubmitOutcome.NotAccepted), ServiceFailureKind.Throttled, "calls a minute")]
    [InlineData(500, nameof(SubmitOutcome.Uncertain), ServiceFailureKind.ServerError, "HTTP 500")]
    [InlineData(502, nameof(SubmitOutcome.Uncertain), ServiceFailureKind.ServerError, "HTTP 502")]
    [InlineData(503, nameof(SubmitOutcome.NotAccepted), ServiceFailureKind.Throttled, "calls a minute")]
    [InlineData(504, nameof(SubmitOutcome.Uncertain), ServiceFailureKind.ServerError, "HTTP 504")]
    public async Task Status_code_decides_the_outcome(int status, string outcome, ServiceFailureKind kind, string words)
    {
        _wire.Play(FaultKind.ServerError, status: status);
        var reply = await _wire.SubmitAsync();
        Assert.Equal((outcome, kind, status), (reply.Outcome.ToString(), reply.Failure!.Kind, reply.Failure.StatusCode!.Value));
        Assert.Contains(words, reply.Failure.Message);
        Assert.Contains(_wire.Emulator.Endpoint.Authority, reply.Failure.Message);
        Assert.NotEmpty(reply.Failure.RecommendedAction);
    }

    [Fact]
    public async Task Not_found_speaks_of_a_profile_only_where_one_was_asked_for()
    {
        _wire.Play(FaultKind.ServerError, FaultTarget.Any, times: 2, status: 404);
        Assert.DoesNotContain("Check the id", (await _wire.SubmitAsync()).Failure!.RecommendedAction);
        var update = ProfileUpdate.Create(ProfileIdType.PcId, "1", [new("a", "1")]);
        Assert.Equal(ServiceFailureKind.Refused, (await Wire.FailsAsync(() => _wire.Client.UpdateProfileAsync(update, ProfileUpdateMethod.Post, default))).Kind);
    }

    [Fact]
    public async Task Success_false_is_refused_with_the_services_words()
    {
        _wire.Play(FaultKind.SuccessFalse, message: "Batch is empty\r\n now");
        var reply = await _wire.SubmitAsync();
        Assert.Equal((SubmitOutcome.Refused, ServiceFailureKind.Refused), (reply.Outcome, reply.Failure!.Kind));
        Assert.Contains("'Batch is empty now'", reply.Failure.Message);
    }

    [Fact]
    public async Task Wrong_client_code_names_the_code()
    {
        var reply = await _wire.SubmitAsync(connection: _wire.Connect(_wire.Settings(clientCode: "other")));
        Assert.Equal(SubmitOutcome.ConnectionUnusable, reply.Outcome);
        Assert.Contains("'other'", reply.Failure!.Message);
    }

    [Fact]
    public async Task Refused_connection_names_host_and_port()
    {
        _wire.Emulator.CloseListeners();
        var reply = await _wire.SubmitAsync();
        Assert.Equal((SubmitOutcome.NotAccepted, ServiceFailureKind.ConnectionFailed, true), (reply.Outcome, reply.Failure!.Kind, reply.Failure.IsTransient));
        Assert.Contains(_wire.Emulator.Endpoint.Authority, reply.Failure.Message);
        Assert.Contains("refused", reply.Failure.Message);
    }

    [Fact]
    public async Task Host_without_address_is_told_so()
    {
        using var connection = new TargetConnection(new TargetConnectionOptions { ClientCode = "acme", Endpoint = "https://no-such-host.invalid", Token = "", NoProxy = true, CallsPerMinute = 0 });
        var reply = await _wire.SubmitAsync(connection: connection);
        Assert.Equal((SubmitOutcome.ConnectionUnusable, ServiceFailureKind.HostNotFound), (reply.Outcome, reply.Failure!.Kind));
        Assert.Contains("'no-such-host.invalid'", reply.Failure.Message);
    }

    [Fact]
    public async Task Redirect_is_not_followed()
    {
        using var other = new Wire();
        _wire.Play(FaultKind.Redirect, FaultTarget.Any, times: 0, location: other.Emulator.Endpoint.AbsoluteUri + "m2/acme/v2/profile/batchUpdate");
        var reply = await _wire.SubmitAsync();
        Assert.Equal((SubmitOutcome.ConnectionUnusable, ServiceFailureKind.RedirectRefused, 302), (reply.Outcome, reply.Failure!.Kind, reply.Failure.StatusCode!.Value));
        Assert.Contains(other.Emulator.Endpoint.Authority, reply.Failure.Message);
        var fetch = await Wire.FailsAsync(() => _wire.Client.GetProfileAsync(ProfileKey.ByPcId("1"), default));
        Assert.Equal(ServiceFailureKind.RedirectRefused, fetch.Kind);
        Assert.Empty(other.Emulator.Requests);
    }

    [Theory]
    [InlineData(WebExceptionStatus.NameResolutionFailure, ServiceFailureKind.HostNotFound)]
    [InlineData(WebExceptionStatus.ProxyNameResolutionFailure, ServiceFailureKind.HostNotFound)]
    [InlineData(WebExceptionStatus.SecureChannelFailure, ServiceFailureKind.CertificateUntrusted)]
    [InlineData(WebExceptionStatus.ConnectionClosed, ServiceFailureKind.ConnectionFailed)]
    public void What_dotnet_framework_tells_by_a_status_alone_has_its_kind(WebExceptionStatus status, ServiceFailureKind kind)
    {
        var thrown = new HttpRequestException("An error occurred while sending the request.", new WebException("told", status));
        Assert.Equal(kind, ServiceFailures.FromException(thrown, timedOut: false, new Uri("https://acme.example"), "Submitting", proxy: null).Kind);
    }

    [Fact]
    public async Task Untrusted_certificate_stops_and_a_trusted_one_serves()
    {
        using var wire = new Wire(new EmulatorOptions { UseTls = true });
        var untrusted = await wire.SubmitAsync();
        Assert.Equal((SubmitOutcome.ConnectionUnusable, ServiceFailureKind.CertificateUntrusted, false), (untrusted.Outcome, untrusted.Failure!.Kind, untrusted.Failure.IsTransient));
        Assert.Contains("certificate", untrusted.Failure.Message);
        Assert.Empty(wire.Submits);

        var trusted = await wire.SubmitAsync(connection: wire.Connect(wire.Settings(trust: true)));
        Assert.Equal(SubmitOutcome.Accepted, trusted.Outcome);
    }

    [Fact]
    public async Task Endless_status_is_given_up_at_its_cap()
    {
        _wire.Play(FaultKind.EndlessReply, FaultTarget.Status);
        var failure = await Wire.FailsAsync(() => _wire.Client.GetBatchStatusAsync("x", null, null, false, default));
        Assert.Equal(ServiceFailureKind.UnreadableReply, failure.Kind);
    }

    [Fact]
    public async Task Reply_that_drips_is_given_up()
    {
        _wire.Play(FaultKind.EndlessReply, FaultTarget.Any, times: 0, delay: TimeSpan.FromMilliseconds(20));
        var connection = _wire.Connect(_wire.Settings(operationTimeout: TimeSpan.FromSeconds(1)));
        Assert.Equal(SubmitOutcome.Uncertain, (await _wire.SubmitAsync(connection: connection)).Outcome);
        var fetch = await Wire.FailsAsync(() => new TargetClient(connection).GetProfileAsync(ProfileKey.ByPcId("1"), default));
        Assert.True(fetch.IsTransient || fetch.StatusCode == 404);
    }

    [Fact]
    public async Task Header_over_64_kilobytes_is_uncertain()
    {
        _wire.Play(FaultKind.OversizedHeader, replyBytes: 70 * 1024);
        Assert.Equal(SubmitOutcome.Uncertain, (await _wire.SubmitAsync()).Outcome);
        _wire.Play(FaultKind.OversizedHeader, replyBytes: 8 * 1024);
        Assert.Equal(SubmitOutcome.Accepted, (await _wire.SubmitAsync()).Outcome);
    }

    [Theory]
    [InlineData("{\"profileAttributes\":{\"a\":{\"value\":\"\\ud800\"}}}")]
    [InlineData("{\"profileAttributes\":{\"\\ud800\":{\"value\":\"x\"}}}")]
    [InlineData("{\"profileAttributes\":[1]}")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("")]
    public void Json_that_is_no_profile_is_none(string text) =>
        Assert.Null(ServiceJson.Profile(text, "acme", ProfileKey.ByPcId("1")));

    [Fact]
    public void Json_message_that_is_no_text_is_none()
    {
        Assert.Null(ServiceJson.Message("{\"message\":\"\\ud800\"}"));
        Assert.Null(ServiceJson.Message("{\"message\":5}"));
        Assert.Equal("x", ServiceJson.Message("{\"message\":\"x\"}"));
    }

    [Fact]
    public void Deeply_nested_or_external_xml_is_no_reply()
    {
        Assert.Null(ServiceXml.TryParse(string.Concat(Enumerable.Repeat("<a>", 200_000))));
        Assert.Null(ServiceXml.TryParse("<!DOCTYPE r SYSTEM \"file:///etc/passwd\"><r/>"));
        Assert.Null(ServiceXml.TryParse("<r>&undeclared</r"));
        Assert.Equal("a&b &x; <", ServiceXml.TryParse("\uFEFF \r\n<r xmlns='u'><message>a&b &x; &lt;</message></r>")!.Text("message"));
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("120", 120)]
    [InlineData("99999", 600)]
    [InlineData("Mon, 01 Jan 2024 00:00:00 GMT", 0)]
    public async Task Wait_that_the_service_asks_for_is_kept_within_ten_minutes(string header, int seconds)
    {
        _wire.Play(FaultKind.ServerError, retryAfter: header);
        var asked = (await _wire.SubmitAsync()).Failure!.RetryAfter;
        Assert.NotNull(asked);
        Assert.Equal(TimeSpan.FromSeconds(seconds), new RetryDelays().For(1, true, asked));
    }

    [Fact]
    public void Waits_double_up_to_a_cap_and_a_throttled_one_outlasts_the_minute()
    {
        var delays = new RetryDelays();
        Assert.InRange(delays.For(1, false, null).TotalSeconds, 1, 1.1);
        Assert.InRange(delays.For(3, false, null).TotalSeconds, 4, 4.4);
        Assert.InRange(delays.For(100, false, null).TotalSeconds, 30, 33);
        Assert.InRange(delays.For(1, true, null).TotalSeconds, 65, 71.5);
    }
}
