using System.Text.Json;
using TargetProfiles.Files;

namespace TargetProfiles.Sending.Journal;

/// <summary>
/// The journal's file: records are only ever added at its end. Held by one run at a time. May be called from any thread.
/// </summary>
internal sealed class JournalFile : IDisposable
{
    /// <summary>Far above what a run writes: some 2 KB a batch.</summary>
    private const long MaxLength = 1L << 30;

    private readonly object _lock = new();
    private readonly string _path;
    private readonly DurableFile _file;
    private long _length;
    private long _durable;
    private Exception? _broken;

    private static ReadOnlySpan<byte> Start => "{\"type\":\"run\""u8;

    private JournalFile(string path, DurableFile file)
    {
        _path = path;
        _file = file;
    }

    /// <summary>Opens or creates a journal, reads its records, and cuts off what a crash left unfinished at its end.</summary>
    /// <param name="path">Where it stands.</param>
    /// <param name="files">Where files are kept.</param>
    /// <param name="content">Its records, understood.</param>
    /// <param name="giveUp">Ends waiting for someone who has it open; if cancelled before, it is tried once.</param>
    /// <exception cref="JournalException">It is in use, damaged, no journal, or cannot be opened.</exception>
    public static JournalFile Open(string path, FileStore files, out JournalContent content, CancellationToken giveUp = default)
    {
        var file = OpenExclusively(path, files, giveUp);
        try
        {
            var journal = new JournalFile(path, file);
            content = Understood(path, Parsed(path, Content(path, file), out journal._length));
            if (journal._length < file.Length)
            {
                file.Truncate(journal._length);
                file.Flush();
            }

            journal._durable = journal._length;
            return journal;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Makes sure that a file may be moved aside: it is a journal, damaged perhaps, and no run has it open.</summary>
    /// <exception cref="JournalException">It is in use, no journal, or cannot be opened.</exception>
    public static void RefuseToMove(string path, FileStore files)
    {
        using var file = OpenExclusively(path, files, CancellationToken.None);
        var content = Content(path, file);
        if (content.Length > 0 && !StartsAsJournal(content) && !HasRecord(content))
            throw NoJournal(path);
    }

    /// <summary>True if a file begins as a journal does, whatever its name.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static bool IsAt(string path)
    {
        using var file = PrivateFile.OpenToLook(path);
        // What cannot be sought is a terminal or a pipe.
        if (!file.CanSeek)
            return false;
        foreach (var expected in Start)
        {
            if (file.ReadByte() != expected)
                return false;
        }

        return true;
    }

    /// <summary>Reads a journal that a run may be writing just now.</summary>
    /// <exception cref="JournalException">It is damaged, or no journal.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static JournalContent Read(string path) => Read(path, out _);

    /// <param name="path">Where it stands.</param>
    /// <param name="records">Its records, in the order of time.</param>
    /// <inheritdoc cref="Read(string)"/>
    public static JournalContent Read(string path, out IReadOnlyList<JournalRecord> records)
    {
        using var file = PrivateFile.OpenToLook(path);
        if (file.Length > MaxLength)
            throw NoJournal(path);
        using var content = new MemoryStream();
        file.CopyTo(content);
        var parsed = Parsed(path, content.ToArray(), out _);
        records = parsed;
        return Understood(path, parsed);
    }

    /// <summary>Adds a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="flush">True to return only when it, and everything before it, is on the disk.</param>
    /// <exception cref="JournalException">It could not be recorded; nothing can be from now on.</exception>
    public void Add(JournalRecord record, bool flush)
    {
        lock (_lock)
        {
            if (_broken is not null)
                throw Unwritable(_path, _broken);
            try
            {
                var line = JournalLine.Of(record, _durable);
                _file.Write(_length, line, line.Length);
                _length += line.Length;
                if (!flush)
                    return;
                _file.Flush();
                _durable = _length;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                _broken = e;
                throw Unwritable(_path, e);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
            _file.Dispose();
    }

    private static DurableFile OpenExclusively(string path, FileStore files, CancellationToken giveUp)
    {
        try
        {
            return OpenPatiently(path, files, giveUp);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or DirectoryNotFoundException or NotSupportedException || !files.Exists(path))
        {
            throw new JournalException(JournalFault.Unwritable, $"The journal '{path}' cannot be opened for writing: {e.Message.TrimEnd('.')}. Nothing was sent. Give a -JournalPath that may be written.", e);
        }
        catch (IOException e)
        {
            throw new JournalException(JournalFault.InUse, $"The journal '{path}' is in use by another run. Nothing was sent. Wait until that run has ended, or give this one a -JournalPath of its own.", e);
        }
    }

    // Whoever records a status has the file for a moment only; a run has it for as long as it goes on.
    private static DurableFile OpenPatiently(string path, FileStore files, CancellationToken giveUp)
    {
        const int Tries = 20;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return files.OpenExclusively(path);
            }
            catch (IOException e) when (attempt < Tries && !giveUp.IsCancellationRequested && e is not (DirectoryNotFoundException or FileNotFoundException) && files.Exists(path))
            {
                giveUp.WaitHandle.WaitOne(25);
            }
        }
    }

    private static byte[] Content(string path, DurableFile file)
    {
        if (file.Length > MaxLength)
            throw NoJournal(path);
        return file.Read(0, (int)file.Length);
    }

    /// <param name="path">Where it stands.</param>
    /// <param name="content">The whole file.</param>
    /// <param name="length">Bytes up to which it is whole.</param>
    private static List<JournalRecord> Parsed(string path, byte[] content, out long length)
    {
        var records = new List<JournalRecord>();
        var start = 0;
        var line = 1;
        while (start < content.Length)
        {
            var end = Array.IndexOf(content, (byte)'\n', start);
            if (end < 0 || !JournalLine.TryRead(content, start, end - start, out var json))
            {
                RefuseLoss(path, content, start, line);
                break;
            }

            if (ReadRecord(path, json, line) is { } record)
                records.Add(record);
            start = end + 1;
            line++;
        }

        length = start;
        return records;
    }

    private static JournalContent Understood(string path, List<JournalRecord> records)
    {
        try
        {
            return JournalContent.Of(records);
        }
        catch (FormatException e)
        {
            throw new JournalException(JournalFault.Damaged, $"The journal '{path}' contradicts itself: {e.Message}. Nothing was sent. Restore it from a copy, or begin anew with -Restart; rows that were accepted before are then sent again.", e);
        }
    }

    /// <summary>
    /// After a crash, what had not been brought to the disk may be missing, in any part. Lines that were on the disk say so:
    /// a later line tells how much was.
    /// </summary>
    private static void RefuseLoss(string path, byte[] content, int damagedAt, int line)
    {
        var hasNothing = damagedAt == 0;
        var start = Array.IndexOf(content, (byte)'\n', damagedAt) + 1;
        while (start > 0 && start < content.Length)
        {
            var end = Array.IndexOf(content, (byte)'\n', start);
            if (end < 0)
                break;
            if (JournalLine.TryRead(content, start, end - start, out var json))
            {
                hasNothing = false;
                if (json.GetProperty("durable").GetInt64() > damagedAt)
                    throw new JournalException(JournalFault.Damaged, FormattableString.Invariant($"The journal '{path}' is damaged in line {line}. Nothing was sent. Restore it from a copy, or begin anew with -Restart; rows that were accepted before are then sent again."));
            }

            start = end + 1;
        }

        // A file of somebody else's must not be emptied because it is no journal.
        if (hasNothing && content.Length > 0 && !StartsAsJournal(content))
            throw NoJournal(path);
    }

    private static bool HasRecord(byte[] content)
    {
        int end;
        for (var start = 0; (end = Array.IndexOf(content, (byte)'\n', start)) >= 0; start = end + 1)
        {
            if (JournalLine.TryRead(content, start, end - start, out _))
                return true;
        }

        return false;
    }

    private static bool StartsAsJournal(byte[] content)
    {
        var zeros = true;
        foreach (var value in content)
            zeros &= value == 0;
        return zeros || content.AsSpan().StartsWith(Start.Slice(0, Math.Min(Start.Length, content.Length)));
    }

    private static JournalRecord? ReadRecord(string path, JsonElement json, int line)
    {
        try
        {
            var record = JournalRecord.From(json);
            if (record is RunRecord { FormatVersion: > JournalRecord.Format } run)
                throw new JournalException(JournalFault.Damaged, $"The journal '{path}' was written by {run.Tool}, which is newer than this version. Nothing was sent. Update the module, or give another -JournalPath.");
            return record;
        }
        catch (Exception e) when (e is FormatException or OverflowException or InvalidOperationException)
        {
            throw new JournalException(JournalFault.Damaged, FormattableString.Invariant($"The journal '{path}' cannot be understood in line {line}: {e.Message}. Nothing was sent. Restore it from a copy, or begin anew with -Restart; rows that were accepted before are then sent again."), e);
        }
    }

    private static JournalException NoJournal(string path) =>
        new(JournalFault.Damaged, $"'{path}' is no journal. Nothing was sent, and the file was not touched. Give the path of a journal, or of a new file.");

    private static JournalException Unwritable(string path, Exception e) =>
        new(JournalFault.Unwritable, $"The journal '{path}' cannot be written: {e.Message.TrimEnd('.')}. The run stops before it sends what it cannot record. Make room on the disk, or mend the permissions.", e);
}
