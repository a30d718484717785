using System.Net;

namespace TargetProfiles.Core.Tests;

/// <summary>What .NET Framework is told of the hosts that are called.</summary>
public sealed class ServicePointTests
{
    [Fact]
    public async Task Every_host_has_the_limit_and_the_lease_and_not_the_submits_alone()
    {
        using var wire = new Wire();
        var status = (await wire.SubmitAsync()).StatusUri!;
        wire.Emulator.ProcessNow();
        await wire.Client.GetBatchStatusAsync("", status, null, detailed: false, default).WaitAsync(Wire.Patience);
        foreach (var address in new[] { wire.Emulator.Endpoint, status })
        {
            var point = ServicePointManager.FindServicePoint(address);
            Assert.Equal((64, 300_000), (point.ConnectionLimit, point.ConnectionLeaseTimeout));
        }
    }
}
