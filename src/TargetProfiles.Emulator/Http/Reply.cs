using System.Text;

namespace TargetProfiles.Emulator.Http;

/// <summary>A reply before it is written.</summary>
internal sealed class Reply(int statusCode, string contentType, byte[] body)
{
    public Reply(int statusCode, string contentType, string body)
        : this(statusCode, contentType, Encoding.UTF8.GetBytes(body))
    {
    }

    public int StatusCode { get; } = statusCode;

    public string ContentType { get; } = contentType;

    public byte[] Body { get; } = body;

    public List<KeyValuePair<string, string>> Headers { get; } = [];

    /// <summary>Writes the body piece by piece, for one too large to hold; <see cref="Body"/> is then not used.</summary>
    public Func<ChunkedBody, Task>? Stream { get; init; }

    /// <summary>Whether the request took effect.</summary>
    public bool Applied { get; init; }

    public Reply With(string header, string value)
    {
        Headers.Add(new(header, value));
        return this;
    }

    /// <summary>Status line and headers. A null length leaves out Content-Length.</summary>
    public byte[] Head(bool keepAlive, long? contentLength)
    {
        var head = new StringBuilder();
        head.Append("HTTP/1.1 ").Append(StatusCode).Append(' ').Append(Reason(StatusCode)).Append("\r\n");
        head.Append("Date: ").Append(DateTimeOffset.UtcNow.ToString("r", System.Globalization.CultureInfo.InvariantCulture)).Append("\r\n");
        if (ContentType.Length > 0)
        {
            head.Append("Content-Type: ").Append(ContentType).Append("\r\n");
        }

        foreach (KeyValuePair<string, string> header in Headers)
        {
            // Values may come from a request or a test; a line break in one must not start a header.
            head.Append(header.Key).Append(": ").Append(header.Value.Replace("\r", "").Replace("\n", "")).Append("\r\n");
        }

        if (contentLength is not null)
        {
            head.Append("Content-Length: ").Append(contentLength.Value).Append("\r\n");
        }

        head.Append(keepAlive ? "" : "Connection: close\r\n").Append("\r\n");
        return Encoding.UTF8.GetBytes(head.ToString());
    }

    public async Task WriteAsync(Connection connection, bool keepAlive, bool headOnly)
    {
        if (Stream is not null && !headOnly)
        {
            With("Transfer-Encoding", "chunked");
            byte[] start = Head(keepAlive, contentLength: null);
            await connection.WriteAsync(start, 0, start.Length).ConfigureAwait(false);
            var chunked = new ChunkedBody(connection);
            await Stream(chunked).ConfigureAwait(false);
            await chunked.EndAsync().ConfigureAwait(false);
            return;
        }

        byte[] head = Head(keepAlive, Body.Length);
        byte[] whole = new byte[head.Length + (headOnly ? 0 : Body.Length)];
        head.CopyTo(whole, 0);
        if (!headOnly)
        {
            Body.CopyTo(whole, head.Length);
        }

        await connection.WriteAsync(whole, 0, whole.Length).ConfigureAwait(false);
        await connection.FlushAsync().ConfigureAwait(false);
    }

    private static string Reason(int statusCode) => statusCode switch
    {
        200 => "OK",
        201 => "Created",
        302 => "Found",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        413 => "Request Entity Too Large",
        414 => "Request-URI Too Long",
        415 => "Unsupported Media Type",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Status",
    };
}
