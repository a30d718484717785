using System.Text;

namespace TargetProfiles.Rows;

/// <summary>Opens CSV text as UTF-8 without byte order mark, whatever it was stored in.</summary>
internal static class CsvText
{
    private const int LongestMark = 4;

    /// <summary>Wraps <paramref name="stream"/>; a byte order mark wins over <paramref name="encoding"/>.</summary>
    /// <exception cref="CsvFormatException">The text is UTF-16 or UTF-32 without byte order mark, and no encoding was given.</exception>
    public static Stream AsUtf8(Stream stream, Encoding? encoding, string source) => Open(stream, encoding, source).Text;

    /// <summary>The same, telling how the text was stored.</summary>
    /// <returns>The text, the length of the mark before it, and whether it was stored in another encoding.</returns>
    /// <exception cref="CsvFormatException">The text is UTF-16 or UTF-32 without byte order mark, and no encoding was given.</exception>
    public static (Stream Text, int MarkLength, bool IsTranscoded) Open(Stream stream, Encoding? encoding, string source)
    {
        var head = new byte[LongestMark];
        var length = 0;
        int read;
        while (length < head.Length && (read = stream.Read(head, length, head.Length - length)) > 0)
            length += read;

        RefuseWorkbook(head.AsSpan(0, length), source);
        var (marked, markLength) = ByteOrderMark(head.AsSpan(0, length));
        if (marked is null && encoding is null && head.AsSpan(0, length).IndexOf((byte)0) >= 0)
        {
            throw new CsvFormatException(
                $"{source} holds NUL bytes: it is UTF-16 or UTF-32 without a byte order mark, or not text. " +
                "Give its encoding, for example -Encoding unicode.");
        }

        var rest = new PrefixedStream(head, markLength, length, stream);
        var used = marked ?? encoding;
        return used is null or UTF8Encoding ? (rest, markLength, false) : (new Utf8TranscodingStream(rest, used), 0, true);
    }

    // .xlsx is a zip archive, .xls an OLE compound file.
    private static void RefuseWorkbook(ReadOnlySpan<byte> head, string source)
    {
        if (head.SequenceEqual("PK\u0003\u0004"u8) || head.SequenceEqual((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0]))
        {
            throw new CsvFormatException(
                $"{source} is an Excel workbook or a zip archive, not CSV. Unpack an archive. " +
                "Save a workbook as 'CSV UTF-8' in Excel, or pipe its rows from Import-Excel of the ImportExcel module.");
        }
    }

    private static (Encoding? Encoding, int Length) ByteOrderMark(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            return (new UTF8Encoding(false), 3);
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE, 0, 0]))
            return (new UTF32Encoding(bigEndian: false, byteOrderMark: false), 4);
        if (head.StartsWith((ReadOnlySpan<byte>)[0, 0, 0xFE, 0xFF]))
            return (new UTF32Encoding(bigEndian: true, byteOrderMark: false), 4);
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
            return (new UnicodeEncoding(bigEndian: false, byteOrderMark: false), 2);
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            return (new UnicodeEncoding(bigEndian: true, byteOrderMark: false), 2);
        return (null, 0);
    }

    /// <summary>The bytes already looked at, then the stream they came from.</summary>
    private sealed class PrefixedStream(byte[] prefix, int start, int end, Stream rest) : ForwardStream(rest)
    {
        private int _start = start;

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (_start == end)
                return Source.Read(buffer, offset, count);
            var copied = Math.Min(count, end - _start);
            Buffer.BlockCopy(prefix, _start, buffer, offset, copied);
            _start += copied;
            return copied;
        }
    }
}
