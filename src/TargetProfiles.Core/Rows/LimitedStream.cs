namespace TargetProfiles.Rows;

/// <summary>The first bytes of a stream, and nothing after them.</summary>
internal sealed class LimitedStream(Stream source, long length) : ForwardStream(source)
{
    private long _left = length;

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = Source.Read(buffer, offset, (int)Math.Min(count, _left));
        _left -= read;
        return read;
    }
}
