using System.Net.Sockets;

namespace TargetProfiles.Emulator.Tests;

public sealed class LifetimeTests
{
    [Fact]
    public async Task Stop_closes_every_connection_and_leaves_nothing_running()
    {
        TargetEmulator emulator = TargetEmulator.Start();
        Assert.Contains(emulator, TargetEmulator.Running);
        var idle = new RawClient(emulator);
        await idle.SendAsync("GET / HTTP/1.1\r\n\r\n");
        await idle.ReadUntilAsync("batchUpdate");
        var busy = new RawClient(emulator);
        await busy.SendAsync("POST /m2/acme/profile/batchUpdate HTTP/1.1\r\nContent-Length: 100\r\n\r\nbatch=");

        emulator.Stop();

        Assert.True(emulator.Completion.IsCompletedSuccessfully);
        Assert.DoesNotContain(emulator, TargetEmulator.Running);
        await idle.ReadToEndAsync();
        await busy.ReadToEndAsync();
        Assert.Throws<SocketException>(() => new RawClient(emulator));
        idle.Dispose();
        busy.Dispose();
        emulator.Dispose();
    }

    [Fact]
    public async Task Stop_does_not_wait_for_a_large_batch()
    {
        using var service = new Service(new EmulatorOptions { ProcessingDelay = TimeSpan.Zero, MaxBatchRows = 3_000_000 });
        await service.SubmitAsync("batch=thirdPartyId,a\n" + string.Concat(Enumerable.Range(0, 2_000_000).Select(row => $"U{row},1\n")));

        service.Emulator.Stop();

        await service.Emulator.Completion.WaitAsync(RawClient.Patience);
    }

    [Fact]
    public void A_taken_port_is_said_so()
    {
        using TargetEmulator first = TargetEmulator.Start();
        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() => TargetEmulator.Start(new EmulatorOptions { Port = first.Port }));
        Assert.Contains($"Port {first.Port}", failure.Message, StringComparison.Ordinal);

        failure = Assert.Throws<InvalidOperationException>(() => TargetEmulator.Start(new EmulatorOptions { StatusPort = first.Port }));
        Assert.Contains("taken", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_can_be_used_again_after_stop()
    {
        TargetEmulator first = TargetEmulator.Start();
        int port = first.Port;
        first.Dispose();

        using TargetEmulator second = TargetEmulator.Start(new EmulatorOptions { Port = port });
        Assert.Equal(port, second.Port);
    }

    [Fact]
    public void Many_emulators_run_side_by_side()
    {
        TargetEmulator[] emulators = [.. Enumerable.Range(0, 20).Select(_ => TargetEmulator.Start())];
        Assert.Equal(40, emulators.SelectMany(one => new[] { one.Endpoint.Port, one.StatusEndpoint.Port }).Distinct().Count());
        foreach (TargetEmulator emulator in emulators)
        {
            emulator.Dispose();
        }
    }

    [Fact]
    public void The_clock_moves_forward_only()
    {
        using TargetEmulator emulator = TargetEmulator.Start();
        Assert.Throws<ArgumentOutOfRangeException>(() => emulator.Clock.Advance(TimeSpan.FromSeconds(-1)));
        DateTimeOffset before = emulator.Clock.UtcNow;
        emulator.Clock.Advance(TimeSpan.FromDays(3));
        Assert.True(emulator.Clock.UtcNow - before >= TimeSpan.FromDays(3));
    }

    [Fact]
    public async Task Spans_too_long_to_count_mean_never()
    {
        using var service = new Service(new EmulatorOptions
        {
            ProcessingDelay = TimeSpan.MaxValue,
            UpdateDelay = TimeSpan.MaxValue,
            FetchLag = TimeSpan.MaxValue,
            ProfileLifetime = TimeSpan.MaxValue,
            TokenLifetime = TimeSpan.MaxValue,
            StatusRetentionTime = TimeSpan.MaxValue,
            IdleTimeout = TimeSpan.MaxValue,
            Token = "t",
        });
        service.Client.DefaultRequestHeaders.Add("Authorization", "Bearer t");
        service.Emulator.AddProfile(thirdPartyId: "U1");
        string status = await service.SubmitAsync("batch=thirdPartyId,a\nU1,1");
        await service.GetAsync("/m2/acme/profile/update?mbox3rdPartyId=U1&profile.b=1");
        service.Emulator.Clock.Advance(TimeSpan.FromDays(2_000_000));

        Assert.Contains("incomplete", await service.GetAsync(status), StringComparison.Ordinal);
        Assert.Contains("404", await service.GetAsync("/rest/v1/profiles/thirdPartyId/U1?client=acme"), StringComparison.Ordinal);
        Assert.Empty(service.Emulator.FindByThirdPartyId("U1")!.Attributes);
        Assert.Throws<ArgumentOutOfRangeException>(() => service.Emulator.Clock.Advance(TimeSpan.FromDays(2_000_000)));
    }

    [Fact]
    public async Task Waiting_for_idle_gives_up_in_time()
    {
        using var service = new Service(new EmulatorOptions { ProcessingDelay = TimeSpan.FromDays(1) });
        Assert.True(service.Emulator.WaitForIdle(TimeSpan.Zero));
        await service.SubmitAsync("batch=thirdPartyId,a\nU1,1");
        Assert.False(service.Emulator.WaitForIdle(TimeSpan.FromMilliseconds(10)));

        Task<bool> waiting = Task.Run(() => service.Emulator.WaitForIdle(RawClient.Patience));
        service.Emulator.Clock.Advance(TimeSpan.FromDays(1));
        Assert.True(await waiting);
    }
}
