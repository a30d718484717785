namespace TargetProfiles.Batches;

/// <summary>A batch file that was made earlier, here or elsewhere, as a sealed batch.</summary>
internal static class BatchFile
{
    /// <summary>Reads a file that the service would take.</summary>
    /// <exception cref="InvalidDataException">The service would not take the file, or not as it is meant; the message says why and what to change.</exception>
    public static SealedBatch Read(string path, int number, long firstRow, CancellationToken cancellation)
    {
        var (batch, faults) = ReadWithFaults(path, number, firstRow, cancellation);
        if (faults.Count == 0)
            return batch!;
        batch?.Dispose();
        throw new InvalidDataException(faults[0].ToString());
    }

    /// <summary>Everything that is wrong with a file, the first faults of its rows included.</summary>
    public static IReadOnlyList<TargetRowFinding> Check(string path, out long rows, CancellationToken cancellation)
    {
        var (batch, faults) = ReadWithFaults(path, 1, 1, cancellation);
        using (batch)
            rows = batch?.RowCount ?? 0;
        return faults;
    }

    private static (SealedBatch? Batch, IReadOnlyList<TargetRowFinding> Faults) ReadWithFaults(string path, int number, long firstRow, CancellationToken cancellation)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        var rules = new BatchFileRules(Path.GetFileName(path));
        if (!rules.CheckLength(file.Length))
            return (null, rules.Faults);

        var buffer = new byte[256 * 1024];
        var length = 0;
        int read;
        while (length < buffer.Length && (read = file.Read(buffer, length, buffer.Length - length)) > 0)
            length += read;
        var headerLength = Array.IndexOf(buffer, (byte)'\n', 0, length) + 1;
        if (!rules.CheckHeader(buffer.AsSpan(0, length), headerLength))
            return (null, rules.Faults);

        var rows = new SegmentedBuffer();
        try
        {
            var header = buffer.AsSpan(0, headerLength).ToArray();
            Add(buffer.AsSpan(headerLength, length - headerLength));
            var last = buffer[length - 1];
            while ((read = file.Read(buffer, 0, buffer.Length)) > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                Add(buffer.AsSpan(0, read));
                last = buffer[read - 1];
            }

            if (last != '\n')
                Add("\n"u8);
            var witness = RowWitness.Of(rows);
            rules.CheckLength(header.Length + rows.Length);
            rules.CheckCount(witness.Rows);
            return (new SealedBatch(number, header, rows, witness, firstRow, firstRow + witness.Rows - 1), rules.Faults);
        }
        catch
        {
            rows.Dispose();
            throw;
        }

        void Add(ReadOnlySpan<byte> bytes)
        {
            rules.CheckLines(bytes);
            rows.Append(bytes);
        }
    }
}
