using System.IO.Compression;
using System.Text;
using TargetProfiles.Emulator.Endpoints;
using TargetProfiles.Emulator.Http;

namespace TargetProfiles.Emulator.Faults;

/// <summary>Replies that are wrong: instead of the real one, or made of it.</summary>
internal static class ReplyFaults
{
    private const long DefaultReplyBytes = 300_000_000;
    private const int DefaultHeaderBytes = 1024 * 1024;
    private const int MostHeaderBytes = 64 * 1024 * 1024;
    private const int Piece = 64 * 1024;
    private const string Start = "<response>\n    <success>true</success>\n    <message>";
    private const string End = "</message>\n</response>";

    /// <summary>Writes the reply that the fault makes of the real one.</summary>
    public static async Task WriteAsync(WireFault fault, Reply real, Connection connection, CancellationToken stop)
    {
        switch (fault.Kind)
        {
            case FaultKind.TruncatedReply:
                byte[] head = real.Head(keepAlive: false, real.Body.Length);
                long count = fault.AfterBytes > 0 ? Math.Min(fault.AfterBytes, real.Body.Length - 1) : real.Body.Length / 2;
                await connection.WriteAsync(head, 0, head.Length).ConfigureAwait(false);
                await connection.WriteAsync(real.Body, 0, (int)Math.Max(0, count)).ConfigureAwait(false);
                await connection.FlushAsync().ConfigureAwait(false);
                break;
            case FaultKind.OversizedReply:
                await WriteOversizedAsync(SizeOf(fault), real, connection, stop).ConfigureAwait(false);
                break;
            case FaultKind.EndlessReply:
                await new Reply(real.StatusCode, real.ContentType, "") { Stream = body => DripAsync(fault.Delay, body, stop) }
                    .WriteAsync(connection, keepAlive: false, headOnly: false).ConfigureAwait(false);
                break;
            case FaultKind.GzipBomb:
                await new Reply(real.StatusCode, real.ContentType, "") { Stream = body => BombAsync(SizeOf(fault), body, stop) }
                    .With("Content-Encoding", "gzip").WriteAsync(connection, keepAlive: false, headOnly: false).ConfigureAwait(false);
                break;
            default:
                await Changed(fault, real).WriteAsync(connection, keepAlive: false, headOnly: false).ConfigureAwait(false);
                break;
        }
    }

    /// <summary>The whole reply for faults that replace it before anything is applied.</summary>
    public static Reply Instead(WireFault fault, RequestHead head) => fault.Kind switch
    {
        FaultKind.HtmlReply => new Reply(200, "text/html; charset=utf-8", "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>Please sign in to use this network.</body></html>\n"),
        FaultKind.Redirect => new Reply(302, "", "").With("Location", fault.Location),
        FaultKind.SuccessFalse => BatchEndpoints.Refused(200, fault.Message),
        _ => WithRetryAfter(ErrorReply.Of(head, fault.StatusCode, "Emulated fault"), fault),
    };

    private static Reply WithRetryAfter(Reply reply, WireFault fault) =>
        fault.RetryAfter is null ? reply : reply.With("Retry-After", fault.RetryAfter);

    private static long SizeOf(WireFault fault) => fault.ReplyBytes > 0 ? fault.ReplyBytes : DefaultReplyBytes;

    private static Reply Changed(WireFault fault, Reply real)
    {
        switch (fault.Kind)
        {
            case FaultKind.OversizedHeader:
                int size = (int)Math.Min(fault.ReplyBytes > 0 ? fault.ReplyBytes : DefaultHeaderBytes, MostHeaderBytes);
                return new Reply(real.StatusCode, real.ContentType, real.Body).With("X-Oversized", new string('a', size));
            case FaultKind.MalformedXml:
                return new Reply(real.StatusCode, real.ContentType, "<response><success>true</succes><batchStatus>http://</response");
            case FaultKind.DtdBomb:
                return new Reply(real.StatusCode, real.ContentType, DtdBomb());
            default:
                return real;
        }
    }

    private static string DtdBomb()
    {
        var xml = new StringBuilder("<?xml version=\"1.0\"?>\n<!DOCTYPE response [\n<!ENTITY e0 \"bombbombbomb\">\n");
        for (int level = 1; level <= 9; level++)
        {
            string inner = $"&e{level - 1};";
            xml.Append("<!ENTITY e").Append(level).Append(" \"").Append(string.Concat(Enumerable.Repeat(inner, 10))).Append("\">\n");
        }

        return xml.Append("]>\n<response><success>true</success><message>&e9;</message></response>").ToString();
    }

    private static async Task WriteOversizedAsync(long size, Reply real, Connection connection, CancellationToken stop)
    {
        byte[] start = Encoding.ASCII.GetBytes(Start);
        byte[] end = Encoding.ASCII.GetBytes(End);
        long filling = Math.Max(0, size - start.Length - end.Length);
        byte[] head = real.Head(keepAlive: false, start.Length + filling + end.Length);
        byte[] piece = Filling();
        await connection.WriteAsync(head, 0, head.Length).ConfigureAwait(false);
        await connection.WriteAsync(start, 0, start.Length).ConfigureAwait(false);
        for (long left = filling; left > 0; left -= Piece)
        {
            stop.ThrowIfCancellationRequested();
            await connection.WriteAsync(piece, 0, (int)Math.Min(left, Piece)).ConfigureAwait(false);
        }

        await connection.WriteAsync(end, 0, end.Length).ConfigureAwait(false);
        await connection.FlushAsync().ConfigureAwait(false);
    }

    private static async Task DripAsync(TimeSpan pause, ChunkedBody body, CancellationToken stop)
    {
        await body.WriteAsync(Start).ConfigureAwait(false);
        byte[] piece = Filling();
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            if (pause > TimeSpan.Zero)
            {
                await body.WriteAsync(piece, 0, 1).ConfigureAwait(false);
                await Task.Delay(pause, stop).ConfigureAwait(false);
            }
            else
            {
                await body.WriteAsync(piece, 0, piece.Length).ConfigureAwait(false);
            }
        }
    }

    private static async Task BombAsync(long size, ChunkedBody body, CancellationToken stop)
    {
        var packed = new MemoryStream();
        var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true);
        byte[] piece = Filling();
        byte[] start = Encoding.ASCII.GetBytes(Start);
        await PackAsync(start, start.Length).ConfigureAwait(false);
        for (long left = size - start.Length; left > 0; left -= Piece)
        {
            stop.ThrowIfCancellationRequested();
            await PackAsync(piece, (int)Math.Min(left, Piece)).ConfigureAwait(false);
        }

        gzip.Dispose();
        await SendAsync().ConfigureAwait(false);

        async Task PackAsync(byte[] bytes, int count)
        {
#pragma warning disable CA1849 // Into memory; there is nothing to wait for.
            gzip.Write(bytes, 0, count);
#pragma warning restore CA1849
            if (packed.Length > Piece)
            {
                await SendAsync().ConfigureAwait(false);
            }
        }

        async Task SendAsync()
        {
            await body.WriteAsync(packed.GetBuffer(), 0, (int)packed.Length).ConfigureAwait(false);
            packed.SetLength(0);
        }
    }

    private static byte[] Filling() => Encoding.ASCII.GetBytes(new string(' ', Piece));
}
