using TargetProfiles.Rows;

namespace TargetProfiles.Sending.Duplicates;

/// <summary>Reads single records of indexed files again, by the place where they begin.</summary>
internal sealed class IndexedRecords : IDisposable
{
    /// <summary>Files kept open: enough for most commands, few enough for any limit of a system.</summary>
    private const int MaxOpen = 16;

    private readonly Dictionary<IndexedFile, FileStream?> _open = [];
    private byte[] _buffer = new byte[4096];
    private IndexedFile _file = null!;

    public Column[] Columns => _file.Columns;

    public int FieldCount => Math.Min(_file.Tokenizer.FieldCount, _file.Columns.Length);

    /// <summary>A field of the record, valid until the next one is read.</summary>
    public ReadOnlySpan<byte> Field(int index) => _file.Tokenizer.Field(_buffer, index);

    /// <exception cref="IOException">No record begins there any more.</exception>
    public void Read(IndexedFile file, long offset)
    {
        _file = file;
        var opened = Opened(file);
        var length = 0;
        while (true)
        {
            var wanted = Math.Min(_buffer.Length, file.TextLength - offset);
            while (length < wanted)
            {
                var read = file.ReadAt(opened, offset + length, _buffer, length, (int)(wanted - length));
                if (read == 0)
                    throw file.Changed();
                length += read;
            }

            var isEnd = offset + length == file.TextLength;
            var token = file.Tokenizer.Read(_buffer.AsSpan(0, length), 0, isEnd);
            if (token == CsvToken.Record)
                return;
            if (token != CsvToken.NeedMore || length > 2 * CsvTokenizer.MaxRecordBytes)
                throw file.Changed();
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
    }

    public void Dispose() => CloseAll();

    private FileStream? Opened(IndexedFile file)
    {
        if (_open.TryGetValue(file, out var opened))
            return opened;
        if (_open.Count >= MaxOpen)
            CloseAll();
        opened = file.OpenForRecords();
        _open.Add(file, opened);
        return opened;
    }

    private void CloseAll()
    {
        foreach (var opened in _open.Values)
            opened?.Dispose();
        _open.Clear();
    }
}
