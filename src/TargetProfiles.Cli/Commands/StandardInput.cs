namespace TargetProfiles.Cli.Commands;

/// <summary>Standard input that can be cancelled: a read blocks until someone types, and Ctrl+C must not wait for that.</summary>
internal sealed class StandardInput(CancellationToken cancellation) : Stream
{
    private readonly Stream _input = Console.OpenStandardInput();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        // The abandoned read of a cancelled run ends with the process; its buffer is nobody's any more.
        var own = new byte[count];
        var reading = Task.Run(() => _input.Read(own, 0, count), cancellation);
        reading.Wait(cancellation);
        own.AsSpan(0, reading.Result).CopyTo(buffer.AsSpan(offset));
        return reading.Result;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
