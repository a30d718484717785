using System.Text;
using TargetProfiles.Emulator.Faults;
using TargetProfiles.Emulator.Http;

namespace TargetProfiles.Emulator.Endpoints;

/// <summary>Serves the requests of one connection: refusals first, then faults, then the endpoint.</summary>
internal sealed class ConnectionServer(
    TargetEmulator emulator, RequestLog log, Admission admission, Func<Exchange, byte[], Reply> answer, CancellationToken stop)
{
    private static readonly byte[] Continue = Encoding.ASCII.GetBytes("HTTP/1.1 100 Continue\r\n\r\n");
    private static readonly TimeSpan SwallowTime = TimeSpan.FromSeconds(5);

    public async Task ServeAsync(Connection connection)
    {
        try
        {
            while (await RequestReader.ReadHeadAsync(connection).ConfigureAwait(false) is { } head)
            {
                long limit = Math.Min(emulator.Options.MaxRequestBody, 0x7FFF_0000);
                using var exchange = new Exchange(connection, head, Route.Of(head.Path), log, emulator.Clock, limit);
                try
                {
                    if (!await ServeAsync(exchange).ConfigureAwait(false))
                    {
                        return;
                    }
                }
                catch (BadRequestException bad)
                {
                    await FinishAsync(exchange, ErrorReply.Of(head, bad.StatusCode, bad.Message), keepAlive: false).ConfigureAwait(false);
                    await SwallowAsync(connection).ConfigureAwait(false);
                    return;
                }
            }
        }
        catch (BadRequestException bad)
        {
            log.AddWithoutRequest(connection.Listener, emulator.Clock.UtcNow, bad.StatusCode, fault: null);
            await ErrorReply.Of(null, bad.StatusCode, bad.Message).WriteAsync(connection, keepAlive: false, headOnly: false).ConfigureAwait(false);
            await SwallowAsync(connection).ConfigureAwait(false);
        }
    }

    /// <summary>Whether the connection may carry another request.</summary>
    private async Task<bool> ServeAsync(Exchange exchange)
    {
        RequestHead head = exchange.Head;
        if (admission.Refuse(head, exchange.Route) is { } refusal)
        {
            return await RefuseAsync(exchange, refusal).ConfigureAwait(false);
        }

        WireFault? fault = exchange.Fault = TargetOf(exchange.Route.Kind) is { } target ? emulator.Faults.Take(target) : null;
        if (fault?.Kind == FaultKind.EarlyReply)
        {
            await FinishAsync(exchange, ReplyFaults.Instead(fault, head), keepAlive: false).ConfigureAwait(false);
            exchange.Connection.EndWriting();
            return false;
        }

        bool cut = fault?.Kind is FaultKind.ResetAfterBytes or FaultKind.StallAfterBytes;
        if (head.HasBody && head.ExpectsContinue)
        {
            await exchange.Connection.WriteAsync(Continue, 0, Continue.Length).ConfigureAwait(false);
            await exchange.Connection.FlushAsync().ConfigureAwait(false);
        }

        if (!await exchange.Body.ReadAsync(cut ? Math.Max(0, fault!.AfterBytes) : long.MaxValue).ConfigureAwait(false))
        {
            return false;
        }

        if (fault is not null)
        {
            return await PlayAsync(exchange, fault).ConfigureAwait(false);
        }

        Reply reply = Answer(exchange);
        await FinishAsync(exchange, reply, head.KeepAlive).ConfigureAwait(false);
        return head.KeepAlive;
    }

    private async Task<bool> PlayAsync(Exchange exchange, WireFault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.ResetAfterBytes:
                exchange.Log(0);
                exchange.Connection.Reset();
                return false;
            case FaultKind.StallAfterBytes:
                exchange.Log(0);
                exchange.Connection.Held = true;
                await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(false);
                return false;
            case FaultKind.ServerError or FaultKind.HtmlReply or FaultKind.Redirect or FaultKind.SuccessFalse:
                bool applied = fault.Applied == true && Answer(exchange).Applied;
                await FinishAsync(exchange, ReplyFaults.Instead(fault, exchange.Head), exchange.Head.KeepAlive, applied).ConfigureAwait(false);
                return exchange.Head.KeepAlive;
        }

        Reply real = fault.Applied == false ? new Reply(200, Xml.ContentType, "<response><success>true</success></response>") : Answer(exchange);
        if (fault.Kind == FaultKind.ApplyAndClose)
        {
            exchange.Log(0, real.Applied);
            exchange.Connection.EndWriting();
            return false;
        }

        if (fault.Kind == FaultKind.DelayedReply)
        {
            exchange.Log(real.StatusCode, real.Applied);
            exchange.Connection.Held = true;
            await Task.Delay(fault.Delay, stop).ConfigureAwait(false);
            exchange.Connection.Held = false;
            await FinishAsync(exchange, real, exchange.Head.KeepAlive).ConfigureAwait(false);
            return exchange.Head.KeepAlive;
        }

        exchange.Log(real.StatusCode, real.Applied);
        await ReplyFaults.WriteAsync(fault, real, exchange.Connection, stop).ConfigureAwait(false);
        exchange.Connection.EndWriting();
        return false;
    }

    /// <summary>Refuses before the body. Without one the connection goes on; else it is closed, as a server does that will not read it.</summary>
    private async Task<bool> RefuseAsync(Exchange exchange, Reply refusal)
    {
        RequestHead head = exchange.Head;
        bool keep = head.KeepAlive && !head.HasBody;
        await FinishAsync(exchange, refusal, keep).ConfigureAwait(false);
        if (!keep && head.HasBody)
        {
            await SwallowAsync(exchange.Connection).ConfigureAwait(false);
        }

        return keep;
    }

    // Closing on unread bytes resets the connection, and the reply may be lost with it.
    private async Task SwallowAsync(Connection connection)
    {
        connection.EndWriting();
        connection.CloseWithin(SwallowTime);
        var sink = new byte[16 * 1024];
        for (long left = emulator.Options.MaxSwallowedBody; left > 0;)
        {
            int read = await connection.ReadAsync(sink, 0, sink.Length).ConfigureAwait(false);
            if (read == 0)
            {
                return;
            }

            left -= read;
        }
    }

    private Reply Answer(Exchange exchange)
    {
        try
        {
            return answer(exchange, exchange.Body.Bytes());
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or OutOfMemoryException))
        {
            // A fault of the emulator's own: said, so that a test sees it, and survived.
            return ErrorReply.Of(exchange.Head, 500, "The emulator failed: " + failure.Message);
        }
    }

    private static Task FinishAsync(Exchange exchange, Reply reply, bool keepAlive, bool? applied = null)
    {
        exchange.Log(reply.StatusCode, applied ?? reply.Applied);
        return reply.WriteAsync(exchange.Connection, keepAlive, headOnly: exchange.Head.Method == "HEAD");
    }

    private static FaultTarget? TargetOf(EndpointKind kind) => kind switch
    {
        EndpointKind.Submit => FaultTarget.Submit,
        EndpointKind.Status => FaultTarget.Status,
        EndpointKind.Update => FaultTarget.Update,
        EndpointKind.Fetch => FaultTarget.Fetch,
        EndpointKind.Token => FaultTarget.Token,
        _ => null,
    };
}
