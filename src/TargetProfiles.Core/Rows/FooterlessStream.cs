namespace TargetProfiles.Rows;

/// <summary>Text without its last lines that are not blank: what a report or a database tool adds below the rows.</summary>
internal sealed class FooterlessStream(Stream source, int lines) : ForwardStream(source)
{
    private const int BlockSize = 64 * 1024;

    /// <summary>Where each of the last lines begins, the one that goes on included.</summary>
    private readonly Queue<long> _lastLines = new();
    private byte[] _held = new byte[2 * BlockSize];
    private int _start;
    private int _end;
    private long _offset;
    private long _lineStart;
    private bool _isBlank = true;
    private bool _ended;

    public override int Read(byte[] buffer, int offset, int count)
    {
        while (!_ended && Releasable() == 0)
            Fill();
        var copied = Math.Min(count, Releasable());
        Buffer.BlockCopy(_held, _start, buffer, offset, copied);
        _start += copied;
        return copied;
    }

    /// <summary>Bytes that are certainly above the footer.</summary>
    private int Releasable() => _lastLines.Count == 0 || (_lastLines.Count < lines && !_ended)
        ? 0
        : (int)Math.Max(0, _lastLines.Peek() - _offset - _start);

    private void Fill()
    {
        if (_start > 0)
        {
            Buffer.BlockCopy(_held, _start, _held, 0, _end - _start);
            _offset += _start;
            _end -= _start;
            _start = 0;
        }

        if (_end + BlockSize > _held.Length)
            Array.Resize(ref _held, _held.Length * 2);
        var read = Source.Read(_held, _end, BlockSize);
        _ended = read == 0;
        for (var i = _end; i < _end + read; i++)
            Look(_held[i], _offset + i);
        _end += read;
    }

    private void Look(byte value, long position)
    {
        if (value is (byte)'\n' or (byte)'\r')
        {
            _lineStart = position + 1;
            _isBlank = true;
        }
        else if (_isBlank && value is not ((byte)' ' or (byte)'\t'))
        {
            _isBlank = false;
            _lastLines.Enqueue(_lineStart);
            if (_lastLines.Count > lines)
                _lastLines.Dequeue();
        }
    }
}
