using System.Buffers;

namespace TargetProfiles.Rows;

/// <content>The piece of text at hand.</content>
internal sealed partial class CsvReader
{
    /// <summary>Bytes behind the text that may be read, so that whoever looks at many bytes at a time need not stop short.</summary>
    private const int Slack = CsvBlock.Size;

    private const int FirstSize = 256 * 1024;

    // More than what comes from a file at a time: handing a piece over to be hashed costs the same for a long one.
    private const int LargestHashedSize = 2 * 1024 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstSize);
    private int _recordStart;
    private int _position;
    private int _end;
    private bool _endOfStream;
    private long _bufferOffset;
    private byte[] _other = [];

    private bool IsFull => _end == _buffer.Length - Slack;

    private void Fill()
    {
        if (_recordStart > 0)
        {
            Hash(_recordStart);
            _hashed = 0;
            KeepFromRecord();
            _bufferOffset += _recordStart;
            _end -= _recordStart;
            _position -= _recordStart;
            _recordStart = 0;
            _scan?.Forget(0);
        }

        _isPlain = false;
        _rows?.Forget();
        _scan?.Forget(_end);

        if (IsFull)
            Grow();
        var read = _stream.Read(_buffer, _end, _buffer.Length - Slack - _end);
        _endOfStream = read == 0;
        _end += read;
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        Buffer.BlockCopy(_buffer, 0, larger, 0, _end);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    /// <summary>Moves the record to the front; into another buffer where the hash still looks at this one.</summary>
    private void KeepFromRecord()
    {
        var from = _buffer;
        if (_hash is not null)
        {
            var size = IsFull ? Math.Max(from.Length, Math.Min(LargestHashedSize, from.Length * 4)) : from.Length;
            if (_other.Length < size)
            {
                ArrayPool<byte>.Shared.Return(_other);
                _other = ArrayPool<byte>.Shared.Rent(size);
            }

            (_buffer, _other) = (_other, from);
        }

        Buffer.BlockCopy(from, _recordStart, _buffer, 0, _end - _recordStart);
    }
}
