using System.Net;
using System.Net.Http.Headers;
using TargetProfiles.Batches;

namespace TargetProfiles.Service;

/// <summary>A batch as a request body. Knows whether it was written to its end, which decides what a broken connection means.</summary>
internal sealed class BatchContent : HttpContent
{
    private const int PieceSize = 64 * 1024;

    private readonly SealedBatch _batch;
    private readonly Action<int> _onWritten;
    private readonly Action _onEnd;
    private readonly CancellationToken _cancellation;

    public BatchContent(SealedBatch batch, Action<int> onWritten, Action onEnd, CancellationToken cancellation)
    {
        _batch = batch;
        _onWritten = onWritten;
        _onEnd = onEnd;
        _cancellation = cancellation;
        Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
    }

    public bool IsWritten { get; private set; }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        IsWritten = false;
        foreach (var segment in _batch.Segments())
        {
            for (var sent = 0; sent < segment.Count; sent += PieceSize)
            {
                var length = Math.Min(PieceSize, segment.Count - sent);
                await stream.WriteAsync(segment.Array!, segment.Offset + sent, length, _cancellation).ConfigureAwait(false);
                _onWritten(length);
            }
        }

        IsWritten = true;
        _onEnd();
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _batch.Length;
        return true;
    }
}
