#if !NET
using System.Net;

namespace TargetProfiles.Service;

/// <summary>
/// .NET Framework keeps two connections to a server unless it is told otherwise, and keeps them for ever, whatever DNS says.
/// It is told before each call: statuses have hosts of their own, and what was said of an idle host is forgotten.
/// </summary>
internal sealed class ServicePointHandler(HttpClientHandler handler, TimeSpan longestUseOfAConnection) : DelegatingHandler(handler)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var point = handler.UseProxy && handler.Proxy is null
            ? ServicePointManager.FindServicePoint(request.RequestUri!)
            : ServicePointManager.FindServicePoint(request.RequestUri!, handler.UseProxy ? handler.Proxy : null);
        point.ConnectionLimit = handler.MaxConnectionsPerServer;
        point.ConnectionLeaseTimeout = (int)longestUseOfAConnection.TotalMilliseconds;
        return base.SendAsync(request, cancellationToken);
    }
}
#endif
