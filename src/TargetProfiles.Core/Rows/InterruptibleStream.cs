using System.Buffers;

namespace TargetProfiles.Rows;

/// <summary>
/// Reads ahead on another thread, so that cancelling ends the wait for a source that does not answer: a pipe without a
/// writer, a share that is gone. A read that was abandoned so ends when it can; its buffer is nobody's any more.
/// </summary>
internal sealed class InterruptibleStream(Func<Stream> open, CancellationToken cancellation) : ForwardStream(Null)
{
    // Handing over to the other thread costs the same for each block, so they grow; a small file needs only a small one.
    private const int FirstBlock = 64 * 1024;
    private const int LargestBlock = 1024 * 1024;

    private Task<(Stream Source, byte[] Block, int Length)>? _reading;
    private byte[] _block = [];
    private int _position;
    private int _length;

    /// <summary>Bytes handed out so far.</summary>
    public long BytesRead { get; private set; }

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (_position == _length && !TakeBlock())
            return 0;
        var copied = Math.Min(count, _length - _position);
        Buffer.BlockCopy(_block, _position, buffer, offset, copied);
        _position += copied;
        BytesRead += copied;
        return copied;
    }

    protected override void Dispose(bool disposing)
    {
        // Whoever opened the source closes it, once it is not being read any more.
        if (disposing)
        {
            _reading?.ContinueWith(Close, CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            _reading = null;
            ArrayPool<byte>.Shared.Return(_block, clearArray: true);
            (_block, _position, _length) = ([], 0, 0);
        }

        base.Dispose(disposing);

        static void Close(Task<(Stream Source, byte[] Block, int Length)> read)
        {
            read.Result.Source.Dispose();
            ArrayPool<byte>.Shared.Return(read.Result.Block, clearArray: true);
        }
    }

    private bool TakeBlock()
    {
        cancellation.ThrowIfCancellationRequested();
        _reading ??= Task.Run(() => ReadBlock(open(), Rent(FirstBlock)), CancellationToken.None);
        WaitForReading();
        var (source, block, length) = _reading.GetAwaiter().GetResult();
        if (length == 0)
            return false;
        var next = Room(length < block.Length ? block.Length : Math.Min(LargestBlock, block.Length * 4));
        (_block, _position, _length) = (block, 0, length);
        _reading = Task.Run(() => ReadBlock(source, next), CancellationToken.None);
        return true;
    }

    private byte[] Room(int size)
    {
        if (_block.Length >= size)
            return _block;
        ArrayPool<byte>.Shared.Return(_block, clearArray: true);
        return Rent(size);
    }

    private void WaitForReading()
    {
        try
        {
            _reading!.Wait(cancellation);
        }
        catch (AggregateException)
        {
            // Told by its own name when the result is taken.
        }
    }

    private static byte[] Rent(int size) => ArrayPool<byte>.Shared.Rent(size);

    private static (Stream Source, byte[] Block, int Length) ReadBlock(Stream source, byte[] block)
    {
        try
        {
            return (source, block, source.Read(block, 0, block.Length));
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }
}
