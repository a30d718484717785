using System.Runtime.InteropServices;

namespace TargetProfiles.Core.Tests;

internal static class Streams
{
    public static ValueTask WriteAsync(this Stream stream, ReadOnlyMemory<byte> bytes)
    {
        var segment = Segment(bytes);
        return new ValueTask(stream.WriteAsync(segment.Array, segment.Offset, segment.Count));
    }

    public static void Write(this Stream stream, ReadOnlySpan<byte> bytes) => stream.Write(bytes.ToArray(), 0, bytes.Length);

    public static ValueTask<int> ReadAsync(this Stream stream, Memory<byte> bytes)
    {
        var segment = Segment(bytes);
        return new ValueTask<int>(stream.ReadAsync(segment.Array, segment.Offset, segment.Count));
    }

    public static async ValueTask<int> ReadAtLeastAsync(this Stream stream, Memory<byte> bytes, int least, bool throwOnEndOfStream = true)
    {
        var total = 0;
        while (total < least)
        {
            var read = await stream.ReadAsync(bytes.Slice(total));
            if (read == 0)
                return throwOnEndOfStream ? throw new EndOfStreamException() : total;
            total += read;
        }

        return total;
    }

    public static async ValueTask ReadExactlyAsync(this Stream stream, Memory<byte> bytes) => await stream.ReadAtLeastAsync(bytes, bytes.Length);

    public static Task CopyToAsync(this Stream stream, Stream target, CancellationToken cancellation) => stream.CopyToAsync(target, 81920, cancellation);

    private static ArraySegment<byte> Segment(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var segment) ? segment : new ArraySegment<byte>(bytes.ToArray());
}
