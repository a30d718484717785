using System.Reflection;
using System.Text;
using TargetProfiles.Emulator;
using TargetProfiles.Service;

namespace TargetProfiles.Core.Tests;

/// <summary>The token goes into one header, and nowhere else.</summary>
public sealed class SecretTests : IDisposable
{
    private const string Token = "f6e54956-6f15-41c9-aa0c-f9d4fecb0000";
    private readonly Wire _wire = new(new EmulatorOptions { Token = Token }, Token);

    public void Dispose() => _wire.Dispose();

    [Fact]
    public async Task Token_is_sent_with_every_call_and_accepted()
    {
        var reply = await _wire.SubmitAsync();
        await _wire.Client.GetBatchStatusAsync(reply.BatchId!, reply.StatusUri, null, false, default);
        Assert.Equal(SubmitOutcome.Accepted, reply.Outcome);
        Assert.All(_wire.Emulator.Requests, request => Assert.StartsWith("Bearer", request.Header("Authorization")));
        Assert.All(_wire.Emulator.Requests, request => Assert.DoesNotContain(Token, request.Target));
    }

    [Fact]
    public async Task Wrong_or_missing_token_stops_with_words_of_its_own()
    {
        var missing = await _wire.SubmitAsync(connection: _wire.Connect(_wire.Settings(token: "")));
        var wrong = await _wire.SubmitAsync(connection: _wire.Connect(_wire.Settings(token: "wrong-token")));
        Assert.All([missing, wrong], reply => Assert.Equal((SubmitOutcome.ConnectionUnusable, ServiceFailureKind.TokenRejected), (reply.Outcome, reply.Failure!.Kind)));
        Assert.Contains("none was given", missing.Failure!.Message);
        Assert.Contains("wrong, expired", wrong.Failure!.Message);
        Assert.DoesNotContain("wrong-token", wrong.Failure.ToString());
    }

    [Fact]
    public async Task Token_that_the_server_echoes_is_hidden()
    {
        const string Echo = $"you sent {Token}, did you";
        _wire.Play(FaultKind.SuccessFalse, FaultTarget.Any, message: Echo);
        NoSecret((await _wire.SubmitAsync()).Failure!, "you sent ***, did you");

        _wire.Play(FaultKind.Redirect, FaultTarget.Any, location: $"https://login.example.com/?token={Token}");
        NoSecret((await _wire.SubmitAsync()).Failure!, "https://login.example.com/?token=***");

        _wire.Play(FaultKind.Redirect, FaultTarget.Any, location: $"https://login.example.com/?token={Token.ToUpperInvariant()}");
        NoSecret((await _wire.SubmitAsync()).Failure!, "https://login.example.com/?token=***");

        _wire.Emulator.Options.StatusUrlOverride = $"https://{Token}.example.com";
        var reply = await _wire.SubmitAsync();
        Assert.Equal((SubmitOutcome.Accepted, null, null), (reply.Outcome, reply.StatusUri, reply.BatchId));
        var unsafeAddress = await Wire.FailsAsync(() => _wire.Client.GetBatchStatusAsync("x", new Uri($"https://{Token}.example.com"), null, false, default));
        NoSecret(unsafeAddress, "***.example.com");
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("Bearer ")]
    [InlineData("acme:")]
    public void Token_that_is_encoded_is_hidden_too(string before)
    {
        const string Secret = "a+b/c=d~e-f6e54956-6f15-41c9";
        var mask = new SecretMask(Secret);
        var base64 = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{before}{Secret}, and more"));
        var everyByte = string.Concat(Secret.Select(c => $"%{(int)c:X2}"));
        foreach (var text in new[] { Secret, Secret.ToUpperInvariant(), Uri.EscapeDataString(Secret), Uri.EscapeDataString(Secret).ToLowerInvariant(), everyByte })
            Assert.Equal("<***>", mask.Apply($"<{text}>"));
        foreach (var text in new[] { base64, base64.Replace('+', '-').Replace('/', '_') })
        {
            var left = mask.Apply(text).Replace("***", "", StringComparison.Ordinal);
            Assert.True(text.Length - left.Length > Secret.Length, $"{text} became {left}");
        }

        Assert.Equal("nothing of it: f6e54956", mask.Apply("nothing of it: f6e54956"));
    }

    [Fact]
    public async Task No_failure_of_any_kind_holds_the_token()
    {
        foreach (var kind in Enum.GetValues<FaultKind>().Except([FaultKind.StallAfterBytes, FaultKind.DelayedReply]))
        {
            _wire.Emulator.Faults.Clear();
            _wire.Play(kind, FaultTarget.Any, times: 0, afterBytes: 1, replyBytes: 2_000_000);
            if ((await _wire.SubmitAsync()).Failure is { } failure)
                NoSecret(failure);
        }

        _wire.Emulator.Stop();
        NoSecret((await _wire.SubmitAsync()).Failure!);
    }

    [Fact]
    public void No_public_type_shows_it()
    {
        Assert.Equal($"acme at {_wire.Emulator.Endpoint.GetLeftPart(UriPartial.Authority)}", _wire.Connection.ToString());
        var shown = typeof(TargetConnection).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => property.GetValue(_wire.Connection)?.ToString());
        Assert.All(shown, text => Assert.DoesNotContain(Token, text ?? ""));
        Assert.True(_wire.Connection.HasToken);
    }

    [Fact]
    public void Token_that_is_none_is_refused_without_being_told()
    {
        var message = Assert.Throws<ArgumentException>(() => _wire.Connect(_wire.Settings(token: "se cret\n1"))).Message;
        Assert.DoesNotContain("cret", message);
    }

    [Fact]
    public async Task A_whole_run_tells_nothing_of_it()
    {
        using var run = new Run(_wire, new SendOptions { Limits = new BatchLimits(rows: 1) });
        _wire.Play(FaultKind.SuccessFalse, message: Token);
        _wire.Play(FaultKind.ApplyAndClose);
        await Task.Run(() => run.SendCsv("thirdPartyId,a\n1,x\n2,y\n3,z\n"));
        Assert.NotEmpty(run.Messages);
        Assert.All(run.Messages, message => Assert.DoesNotContain(Token, message.ToString()));
        Assert.All(run.Batches, batch => Assert.DoesNotContain(Token, batch.Message ?? ""));
        Assert.Contains(run.Batches, batch => batch.State == BatchState.Refused);
    }

    private static void NoSecret(TargetServiceException failure, string? shown = null)
    {
        Assert.DoesNotContain(Token, failure.ToString() + failure.RecommendedAction, StringComparison.OrdinalIgnoreCase);
        if (shown is not null)
            Assert.Contains(shown, failure.Message);
    }
}
