using System.Text;

namespace TargetProfiles.Emulator.Http;

/// <summary>Reads request heads off a connection, bounded in size.</summary>
internal static class RequestReader
{
    private const int MostHeadBytes = 64 * 1024;

    /// <summary>The next request's head, or null when the client has closed.</summary>
    public static async Task<RequestHead?> ReadHeadAsync(Connection connection)
    {
        var head = new List<byte>(1024);
        int lineLength = 0;
        while (true)
        {
            byte next;
            while (!connection.TryTake(out next))
            {
                if (!await connection.FillAsync().ConfigureAwait(false))
                {
                    return null;
                }
            }

            if (next == '\n')
            {
                if (lineLength == 0)
                {
                    // A blank line ends the head; before the request line it is passed over.
                    if (head.Count == 0)
                    {
                        continue;
                    }

                    return RequestHead.Parse(Encoding.UTF8.GetString(head.ToArray()));
                }

                lineLength = 0;
                head.Add((byte)'\n');
            }
            else
            {
                // A CR counts only when something other than LF follows, which Parse then refuses.
                lineLength += next == '\r' ? 0 : 1;
                if (next != '\r' || head.Count > 0)
                {
                    head.Add(next);
                }
            }

            if (head.Count > MostHeadBytes)
            {
                throw new BadRequestException(431, "Request header fields too large");
            }
        }
    }
}
