using System.Text;

namespace TargetProfiles.Rows;

/// <summary>Reads text of any encoding as UTF-8 bytes, a block at a time. What cannot be decoded becomes U+FFFD, which the row rules reject.</summary>
internal sealed class Utf8TranscodingStream(Stream source, Encoding encoding) : ForwardStream(source)
{
    private const int BlockSize = 64 * 1024;

    private readonly Decoder _decoder = Replacing(encoding).GetDecoder();
    private readonly Encoder _encoder = new UTF8Encoding(false).GetEncoder();
    private readonly byte[] _input = new byte[BlockSize];
    private readonly char[] _text = new char[BlockSize + 16];
    private readonly byte[] _output = new byte[(BlockSize + 16) * 3];
    private int _outputStart;
    private int _outputEnd;
    private bool _ended;

    public override int Read(byte[] buffer, int offset, int count)
    {
        while (_outputStart == _outputEnd)
        {
            if (_ended)
                return 0;
            var read = Source.Read(_input, 0, _input.Length);
            _ended = read == 0;
            var characters = _decoder.GetChars(_input, 0, read, _text, 0, flush: _ended);
            _outputEnd = _encoder.GetBytes(_text, 0, characters, _output, 0, flush: _ended);
            _outputStart = 0;
        }

        var copied = Math.Min(count, _outputEnd - _outputStart);
        Buffer.BlockCopy(_output, _outputStart, buffer, offset, copied);
        _outputStart += copied;
        return copied;
    }

    // The default fallback of many code pages is '?' or a best fit, which would send damaged text unnoticed.
    private static Encoding Replacing(Encoding encoding)
    {
        var replacing = (Encoding)encoding.Clone();
        replacing.DecoderFallback = new DecoderReplacementFallback("\uFFFD");
        return replacing;
    }
}
