using System.Net;
using TargetProfiles.Emulator;
using TargetProfiles.Sending;

namespace TargetProfiles.Core.Tests;

/// <summary>The Admin API's token: fetched, made, and never at the price of the secrets that it takes.</summary>
public sealed class AdminTests : IDisposable
{
    private const string AccessToken = "ims-f6e54956-6f15-41c9-aa0c-f9d4fecb0000";
    private const string ApiKey = "9f1c2b3a4d5e6f708192a3b4c5d6e7f8";
    private const string ProfileToken = "pr0file-t0ken-5f1c7a";

    private readonly Wire _wire = new(new EmulatorOptions { AccessToken = AccessToken, ApiKey = ApiKey, Token = ProfileToken });
    private readonly List<TargetAdminConnection> _connections = [];

    public void Dispose()
    {
        _connections.ForEach(connection => connection.Dispose());
        _wire.Dispose();
    }

    [Fact]
    public async Task Token_is_fetched_with_the_time_that_is_left()
    {
        _wire.Emulator.Clock.Advance(TimeSpan.FromDays(60));
        var token = await Calls().GetProfileTokenAsync(default);
        Assert.Equal(ProfileToken, Plain(token));
        Assert.InRange(token.ExpiresAt!.Value - token.ReceivedAt, TimeSpan.FromDays(29.9), TimeSpan.FromDays(30));
        Assert.DoesNotContain(ProfileToken, token.ToString(), StringComparison.Ordinal);
        Assert.All(typeof(TargetProfileToken).GetProperties(), property => Assert.DoesNotContain(ProfileToken, $"{property.GetValue(token)}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task New_token_revokes_the_old_one()
    {
        var made = await Calls().NewProfileTokenAsync(default);
        Assert.NotEqual(ProfileToken, Plain(made));
        using var old = new TargetConnection(_wire.Settings(token: ProfileToken));
        using var current = new TargetConnection(_wire.Settings(token: Plain(made)));
        Assert.Equal(ServiceFailureKind.TokenRejected, (await Wire.FailsAsync(() => new ServiceCalls(old).GetProfileAsync(ProfileKey.ByPcId("1"), default))).Kind);
        Assert.Equal(ServiceFailureKind.ProfileNotFound, (await Wire.FailsAsync(() => new ServiceCalls(current).GetProfileAsync(ProfileKey.ByPcId("1"), default))).Kind);
    }

    [Theory]
    [InlineData(503, 2)]
    [InlineData(500, 1)]
    public async Task Making_a_token_is_repeated_only_if_it_was_not_taken(int status, int requests)
    {
        _wire.Play(FaultKind.ServerError, FaultTarget.Token, status: status);
        var failure = await Record.ExceptionAsync(() => Calls().NewProfileTokenAsync(default));
        Assert.Equal(requests == 1, failure is TargetServiceException { RecommendedAction: var action } && action.Contains("Get-TargetProfileToken", StringComparison.Ordinal));
        Assert.Equal(requests, _wire.Emulator.Requests.Count);
    }

    [Fact]
    public async Task Fetching_a_token_is_repeated_where_that_may_help()
    {
        _wire.Play(FaultKind.ServerError, FaultTarget.Token, status: 500);
        Assert.Equal(ProfileToken, Plain(await Calls().GetProfileTokenAsync(default)));
    }

    [Fact]
    public async Task No_token_is_a_failure_of_its_own()
    {
        _wire.Emulator.Options.Token = null;
        _wire.Emulator.Clock.Advance(TimeSpan.FromDays(91));
        Assert.Equal(ServiceFailureKind.TokenNotFound, (await Wire.FailsAsync(() => Calls().GetProfileTokenAsync(default))).Kind);
    }

    [Fact]
    public async Task No_failure_of_any_kind_holds_a_secret()
    {
        foreach (var kind in Enum.GetValues<FaultKind>().Except([FaultKind.StallAfterBytes, FaultKind.DelayedReply]))
        {
            _wire.Emulator.Faults.Clear();
            _wire.Play(kind, FaultTarget.Token, times: 0, afterBytes: 1, replyBytes: 2_000_000, status: 400, message: $"{AccessToken} {ApiKey}", location: $"https://login.example.com/?t={AccessToken}&k={ApiKey}");
            foreach (var call in new Func<Task>[] { () => Calls().GetProfileTokenAsync(default), () => Calls().NewProfileTokenAsync(default) })
            {
                var told = await Record.ExceptionAsync(() => call().WaitAsync(Wire.Patience)) is TargetServiceException failure ? failure + failure.RecommendedAction : "";
                Assert.All([AccessToken, ApiKey, ProfileToken, _wire.Emulator.Options.Token!], secret => Assert.DoesNotContain(secret, told, StringComparison.OrdinalIgnoreCase));
            }
        }
    }

    [Theory]
    [InlineData("""{"accessToken":"pr0file-t0ken-5f1c7a","scope":"debug_tools","expiresIn":21599}""")]
    [InlineData("""{"accessToken":"pr0file-t0ken-5f1c7a\r\nX: y","scope":"profile_api"}""")]
    [InlineData("""{"accessToken":17}""")]
    [InlineData("pr0file-t0ken-5f1c7a")]
    [InlineData("")]
    public async Task Reply_that_holds_no_such_token_is_not_repeated_to_anyone(string body)
    {
        using var server = new RawServer(RawServer.Text($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
        var failure = await Wire.FailsAsync(() => Calls(new Uri(server.Address)).GetProfileTokenAsync(default));
        Assert.Equal(ServiceFailureKind.UnreadableReply, failure.Kind);
        Assert.DoesNotContain("pr0file", failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://evil.example.com")]
    [InlineData("http://mc.adobe.io")]
    [InlineData("https://mc.adobe.io:8443")]
    [InlineData("https://mc.adobe.io.evil.example")]
    [InlineData("https://acme.tt.omtrdc.net")]
    [InlineData("https://user@mc.adobe.io")]
    [InlineData("https://mc.adobe.io/path")]
    public void Access_token_goes_to_adobe_by_tls_or_to_this_machine(string endpoint) =>
        Assert.Throws<ArgumentException>(() => Admin(new TargetAdminOptions { Tenant = "acmeinc", AccessToken = AccessToken, ApiKey = ApiKey, Endpoint = endpoint }));

    [Fact]
    public void Adobes_endpoint_is_taken_where_none_is_given() =>
        Assert.Equal("https://mc.adobe.io/", Admin(new TargetAdminOptions { Tenant = "acmeinc", AccessToken = AccessToken, ApiKey = ApiKey }).Endpoint.AbsoluteUri);

    [Theory]
    [InlineData("../x", AccessToken, ApiKey, "is no tenant")]
    [InlineData(null, AccessToken, ApiKey, "no tenant")]
    [InlineData("acmeinc", "Bearer sekret", ApiKey, "access token has characters")]
    [InlineData("acmeinc", AccessToken, "sekret key 1\n2", "API key has characters")]
    [InlineData("acmeinc", AccessToken, "sekret", "too short")]
    public void Settings_that_cannot_be_are_refused_without_being_told(string? tenant, string accessToken, string apiKey, string says)
    {
        var message = Assert.Throws<ArgumentException>(() => Admin(new TargetAdminOptions { Tenant = tenant, AccessToken = accessToken, ApiKey = apiKey })).Message;
        Assert.Contains(says, message, StringComparison.Ordinal);
        Assert.DoesNotContain("sekret", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8, null)]
    [InlineData(6.5, "6 days left")]
    [InlineData(1.5, "1 day left")]
    [InlineData(0.2, "less than a day left")]
    [InlineData(-1, "expired on 2026-02-28 12:00 UTC")]
    public void Last_week_of_a_token_is_warned_of(double daysLeft, string? says)
    {
        var now = new DateTime(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);
        using var connection = new TargetConnection(new TargetConnectionOptions { ClientCode = "acme", Token = ProfileToken, TokenExpiresAt = now.AddDays(daysLeft) });
        if (says is null)
            Assert.Null(connection.TokenExpiryWarning(now));
        else
            Assert.Contains(says, connection.TokenExpiryWarning(now), StringComparison.Ordinal);
    }

    private static string Plain(TargetProfileToken token) => new NetworkCredential("", token.ToSecureString()).Password;

    private AdminCalls Calls(Uri? endpoint = null) => new(Admin(new TargetAdminOptions
    {
        Tenant = "acmeinc",
        AccessToken = AccessToken,
        ApiKey = ApiKey,
        Endpoint = (endpoint ?? _wire.Emulator.Endpoint).AbsoluteUri,
        Network = _wire.Settings(retries: 1),
    }));

    private TargetAdminConnection Admin(TargetAdminOptions options)
    {
        var connection = new TargetAdminConnection(options);
        _connections.Add(connection);
        return connection;
    }
}
