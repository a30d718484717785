using System.Runtime.ExceptionServices;
using TargetProfiles.Rows;
using TargetProfiles.Sending.Journal;

namespace TargetProfiles.Sending.Duplicates;

/// <summary>A file whose ids were read, and what it takes to read its rows again, in order or one by one.</summary>
internal sealed class IndexedFile
{
    private readonly long _length;
    private readonly DateTime _writtenAt;

    /// <param name="path">The file.</param>
    /// <param name="start">Where its text begins among the texts of all files.</param>
    /// <param name="csv">How it is read.</param>
    public IndexedFile(string path, long start, CsvOptions csv)
    {
        Path = path;
        Name = System.IO.Path.GetFileName(path);
        Start = start;
        Csv = csv;
        (_length, _writtenAt) = Stamp();
    }

    public string Path { get; }

    public string Name { get; }

    /// <summary>Where its text begins among the texts of all files.</summary>
    public long Start { get; }

    /// <summary>Bytes of its text, a footer left out.</summary>
    public long TextLength { get; set; }

    /// <summary>How to read what <see cref="Open"/> gives.</summary>
    public CsvOptions Csv { get; private set; }

    /// <summary>What each column becomes.</summary>
    public Column[] Columns { get; set; } = [];

    /// <summary>What the ids of the index are.</summary>
    public ProfileIdType? IdType { get; private set; }

    /// <summary>Splits its records.</summary>
    public CsvTokenizer Tokenizer { get; private set; } = null!;

    /// <summary>Why it cannot be read; its rows are no part of the index then.</summary>
    public ExceptionDispatchInfo? Failure { get; set; }

    /// <summary>SHA-256 of its text; null if it is not wanted.</summary>
    public string? TextSha256 { get; private set; }

    /// <summary>What its text is, together with those that were indexed with it; null if it is not wanted.</summary>
    public KnownText? Known { get; set; }

    /// <summary>True once the run has begun to read its rows.</summary>
    public bool IsTaken { get; set; }

    /// <summary>Bytes of the file.</summary>
    public long Length => _length;

    private TranscodedTexts? Texts { get; set; }

    private long TextOffset { get; set; }

    private int MarkLength { get; set; }

    /// <summary>Says where the text stands: in the file itself after a mark, or transcoded.</summary>
    public void Locate(int markLength, TranscodedTexts? texts, long textOffset)
    {
        Texts = texts;
        TextOffset = textOffset;
        MarkLength = texts is null ? markLength : TranscodedTexts.MarkLength;
        if (texts is not null)
            Csv = With(encoding: null, Csv.SkipFooter);
    }

    /// <summary>Notes what reading it to the end has shown.</summary>
    public void Complete(CsvReader reader, ProfileIdType? idType, string? textSha256)
    {
        IdType = idType;
        TextSha256 = textSha256;
        TextLength = reader.TextLength;
        Tokenizer = new CsvTokenizer((byte)reader.Delimiter);
        // The footer lies behind the length that is read from now on.
        Csv = With(Csv.Encoding, skipFooter: 0);
    }

    /// <summary>Opens its text, mark and footer included.</summary>
    public Stream OpenWhole() => Texts is null ? SourceFile.Open(Path) : Texts.OpenAt(TextOffset);

    /// <summary>Opens its text as far as it was indexed.</summary>
    /// <exception cref="IOException">The file has changed since.</exception>
    public Stream Open()
    {
        if (Stamp() != (_length, _writtenAt))
            throw Changed();
        return new LimitedStream(OpenWhole(), MarkLength + TextLength);
    }

    /// <summary>Opens the file to read from anywhere in it; null if its text stands elsewhere.</summary>
    /// <exception cref="IOException">The file has changed since.</exception>
    public FileStream? OpenForRecords()
    {
        if (Texts is not null)
            return null;
        if (Stamp() != (_length, _writtenAt))
            throw Changed();
        return new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.RandomAccess);
    }

    /// <summary>Reads a part of its text.</summary>
    public int ReadAt(FileStream? opened, long offset, byte[] buffer, int start, int count)
    {
        count = (int)Math.Min(count, TextLength - offset);
        if (count <= 0)
            return 0;
        if (opened is null)
            return Texts!.ReadAt(TextOffset + MarkLength + offset, buffer, start, count);
        opened.Position = MarkLength + offset;
        return opened.Read(buffer, start, count);
    }

    public IOException Changed() => new(
        $"{Name} has changed while it was being read. Let the program that writes it finish, then run the same command again.");

    private (long Length, DateTime WrittenAt) Stamp()
    {
        using var file = SourceFile.Open(Path);
        return (file.Length, File.GetLastWriteTimeUtc(Path));
    }

    private CsvOptions With(System.Text.Encoding? encoding, int skipFooter) =>
        new() { Delimiter = Csv.Delimiter, Encoding = encoding, Header = Csv.Header, SkipFooter = skipFooter };
}
