using System.Globalization;
using System.Text;

namespace TargetProfiles.Emulator.Http;

/// <summary>Writes a reply's body in chunks.</summary>
internal sealed class ChunkedBody(Connection connection)
{
    public async Task WriteAsync(byte[] bytes, int offset, int count)
    {
        if (count == 0)
        {
            return;
        }

        byte[] size = Encoding.ASCII.GetBytes(count.ToString("x", CultureInfo.InvariantCulture) + "\r\n");
        byte[] chunk = new byte[size.Length + count + 2];
        size.CopyTo(chunk, 0);
        Buffer.BlockCopy(bytes, offset, chunk, size.Length, count);
        chunk[chunk.Length - 2] = (byte)'\r';
        chunk[chunk.Length - 1] = (byte)'\n';
        await connection.WriteAsync(chunk, 0, chunk.Length).ConfigureAwait(false);
    }

    public Task WriteAsync(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return WriteAsync(bytes, 0, bytes.Length);
    }

    public async Task EndAsync()
    {
        byte[] end = Encoding.ASCII.GetBytes("0\r\n\r\n");
        await connection.WriteAsync(end, 0, end.Length).ConfigureAwait(false);
        await connection.FlushAsync().ConfigureAwait(false);
    }
}
