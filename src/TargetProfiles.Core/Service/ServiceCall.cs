using System.Net.Sockets;

namespace TargetProfiles.Service;

/// <summary>One call and its reply, read to the end.</summary>
internal static class ServiceCall
{
    /// <exception cref="TargetServiceException">There was no reply.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public static async Task<ServiceReply> SendAsync(HttpClient http, HttpRequestMessage request, int maxBytes, TargetConnectionOptions options, Uri? proxy, string call, CancellationToken cancellation)
    {
        using var deadline = new ProgressDeadline(options.ConnectionTimeout + options.OperationTimeout, cancellation);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token).ConfigureAwait(false);
            var reply = await ServiceReply.ReadAsync(response, maxBytes, deadline, options.OperationTimeout).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            return reply;
        }
        catch (Exception e) when (IsFailed(e))
        {
            cancellation.ThrowIfCancellationRequested();
            throw ServiceFailures.FromException(e, deadline.HasExpired, request.RequestUri!, call, proxy);
        }
    }

    /// <summary>True for what a call ends with that had no reply.</summary>
    public static bool IsFailed(Exception exception) =>
        exception is HttpRequestException or IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException or NotSupportedException;
}
