using System.Net.Http.Headers;
using System.Text;

namespace TargetProfiles.Service;

/// <summary>A reply, read to its end and no further than a limit.</summary>
internal sealed class ServiceReply
{
    private ServiceReply(HttpResponseMessage response, string? body)
    {
        StatusCode = (int)response.StatusCode;
        Body = body;
        MediaType = response.Content?.Headers.ContentType?.MediaType ?? "";
        Location = response.Headers.Location;
        RetryAfter = Delay(response.Headers.RetryAfter);
    }

    public int StatusCode { get; }

    public bool IsSuccess => StatusCode is >= 200 and < 300;

    /// <summary>The text, or null if it broke off, was compressed without being asked to, or went past the limit.</summary>
    public string? Body { get; }

    public string MediaType { get; }

    public Uri? Location { get; }

    public TimeSpan? RetryAfter { get; }

    public static async Task<ServiceReply> ReadAsync(HttpResponseMessage response, int maxBytes, ProgressDeadline deadline, TimeSpan progressTimeout)
    {
        if (response.Content is null)
            return new ServiceReply(response, "");
        try
        {
            var body = response.Content.Headers.ContentEncoding.Count > 0
                ? null
                : await ReadBodyAsync(response.Content, maxBytes, deadline, progressTimeout).ConfigureAwait(false);
            return new ServiceReply(response, body);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && deadline.HasExpired))
        {
            return new ServiceReply(response, null);
        }
    }

    private static async Task<string?> ReadBodyAsync(HttpContent content, int maxBytes, ProgressDeadline deadline, TimeSpan progressTimeout)
    {
        if (content.Headers.ContentLength > maxBytes)
            return null;
#if NET
        using var stream = await content.ReadAsStreamAsync(deadline.Token).ConfigureAwait(false);
#else
        using var stream = await content.ReadAsStreamAsync().ConfigureAwait(false);
        // .NET Framework's network stream does not listen to a token: closing it is what ends a read.
        using var closing = deadline.Token.Register(stream.Dispose);
#endif
        // A reply that drips in keeps making progress, so its whole time is bounded too.
        deadline.Extend(progressTimeout);
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        try
        {
            while ((read = await stream.ReadAsync(buffer, 0, buffer.Length, deadline.Token).ConfigureAwait(false)) > 0)
            {
                if (body.Length + read > maxBytes)
                    return null;
                body.Write(buffer, 0, read);
            }
        }
        catch (Exception e) when (e is ObjectDisposedException or IOException && deadline.Token.IsCancellationRequested)
        {
            throw new OperationCanceledException(deadline.Token);
        }

        return Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length);
    }

    private static TimeSpan? Delay(RetryConditionHeaderValue? value) =>
        value?.Delta ?? (value?.Date is DateTimeOffset date ? date - DateTimeOffset.UtcNow : null);
}
