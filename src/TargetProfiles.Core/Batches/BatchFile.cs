using System.Text;

namespace TargetProfiles.Batches;

/// <summary>A batch file that was made earlier, here or elsewhere, as a sealed batch.</summary>
internal static class BatchFile
{
    /// <exception cref="InvalidDataException">The service would not take the file; the message says why and what to change.</exception>
    public static SealedBatch Read(string path, int number, long firstRow, CancellationToken cancellation)
    {
        var name = Path.GetFileName(path);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        if (file.Length >= ServiceLimits.MaxBatchBytes)
            throw TooLarge(name, file.Length);

        var buffer = new byte[256 * 1024];
        var length = 0;
        int read;
        while (length < buffer.Length && (read = file.Read(buffer, length, buffer.Length - length)) > 0)
            length += read;
        var headerLength = Array.IndexOf(buffer, (byte)'\n', 0, length) + 1;
        CheckHeader(name, buffer.AsSpan(0, length), headerLength);

        var rows = new SegmentedBuffer();
        try
        {
            rows.Append(buffer.AsSpan(headerLength, length - headerLength));
            var last = buffer[length - 1];
            var header = buffer.AsSpan(0, headerLength).ToArray();
            while ((read = file.Read(buffer, 0, buffer.Length)) > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                rows.Append(buffer.AsSpan(0, read));
                last = buffer[read - 1];
            }

            if (last != '\n')
                rows.Append("\n"u8);
            if (header.Length + rows.Length >= ServiceLimits.MaxBatchBytes)
                throw TooLarge(name, header.Length + rows.Length);
            var count = SealedBatch.CountRows(rows);
            if (count is 0 or > ServiceLimits.MaxBatchRows)
                throw new InvalidDataException(FormattableString.Invariant($"{name} has {count:N0} rows; Target takes 1 to {ServiceLimits.MaxBatchRows:N0}."));
            return new SealedBatch(number, header, rows, (int)count, firstRow, firstRow + count - 1);
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    private static InvalidDataException TooLarge(string name, long length) =>
        new(FormattableString.Invariant($"{name} is {length:N0} bytes; Target takes less than {ServiceLimits.MaxBatchBytes:N0}. Split it, or send the rows it was made from."));

    private static void CheckHeader(string name, ReadOnlySpan<byte> start, int headerLength)
    {
        if (start.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            throw new InvalidDataException($"{name} begins with a byte order mark, so Target does not find 'batch='. Save it as UTF-8 without BOM.");
        if (!start.StartsWith("batch="u8))
            throw new InvalidDataException($"{name} does not begin with 'batch=', so Target would call it empty. If it is a CSV file, send it with -LiteralPath instead of -BatchPath.");
        if (headerLength == 0)
            throw new InvalidDataException($"{name} has no rows after its header.");
        var header = start.Slice("batch=".Length, headerLength - "batch=".Length);
        if (header.EndsWith("\r\n"u8))
            throw new InvalidDataException($"{name} has Windows line ends (CRLF), which would end up in the last value of each row. Save it with LF.");
        var end = header.IndexOfAny((byte)',', (byte)'\n');
        var first = Encoding.UTF8.GetString(header.Slice(0, end).ToArray());
        if (first is not ("pcId" or "thirdPartyId"))
            throw new InvalidDataException($"{name}: the first column is '{Service.ReplyText.Shown(first)}' and must be pcId or thirdPartyId, in this spelling.");
    }
}
