using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TargetProfiles.Files;
using TargetProfiles.Sending.Journal;

namespace TargetProfiles.Rows;

/// <summary>
/// Rejected rows as CSV, to be corrected and sent again: the row as it stood in its source, then its number and the reason in
/// columns that reading drops again. Begun with the first row; a file that exists is never written to, but for the one that
/// an earlier command of the same journal left and that nobody has changed since. Rows of another shape, from another file
/// for example, go to a file of their own.
/// </summary>
internal sealed class RejectedRowFile : IDisposable
{
    /// <summary>Column for the row's number in its source.</summary>
    public const string RowColumn = "#row";

    /// <summary>Column for the rule and the remedy.</summary>
    public const string ReasonColumn = "#reason";

    private readonly string _path;
    private readonly FileStore _files;
    private readonly Action<string, char> _onNewFile;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<string> _written = [];
    private readonly List<RejectedRange> _ranges = [];
    private readonly List<(string Header, char Delimiter, byte[] Line)> _held = [];
    private DurableFile? _file;
    private string _filePath = "";
    private string? _header;
    private long _position;
    private long _rangeStart;

    /// <summary>Bytes that an earlier command left behind the last cover: they must come again, or somebody changed them.</summary>
    private long _leftUntil;

    /// <param name="path">The first file; others are numbered.</param>
    /// <param name="files">Where files are kept.</param>
    /// <param name="onNewFile">Gets the path and the delimiter of each file before it is made.</param>
    public RejectedRowFile(string path, FileStore files, Action<string, char> onNewFile)
    {
        _path = path;
        _files = files;
        _onNewFile = onNewFile;
    }

    /// <summary>True while rows are kept and not written, since it is not known yet whether they are those of an earlier run.</summary>
    public bool IsHeld { get; set; }

    /// <summary>Bytes that are kept.</summary>
    public long HeldBytes { get; private set; }

    /// <summary>Files written to so far.</summary>
    public IReadOnlyList<string> Written => _written;

    /// <summary>Goes on in the file that an earlier command left, if it is still as it was left.</summary>
    /// <param name="path">The last file that it made.</param>
    /// <param name="ranges">What it wrote for good, in order.</param>
    public void Continue(string path, IEnumerable<RejectedRange> ranges)
    {
        if (!_files.Exists(path))
            return;
        var ours = ranges.Where(range => range.Path == path).ToList();
        var file = _files.OpenExclusively(path);
        if (!ours.TrueForAll(range => Sha256(file, range) == range.Sha256))
        {
            file.Dispose();
            return;
        }

        _file = file;
        _filePath = path;
        _position = _rangeStart = ours.Count == 0 ? 0 : ours[ours.Count - 1].End;
        _leftUntil = file.Length;
    }

    /// <summary>Writes a CSV record as it stood.</summary>
    /// <param name="header">The header as it stood.</param>
    /// <param name="record">The record as it stood, without its line end.</param>
    /// <param name="delimiter">The source's delimiter.</param>
    /// <param name="missingFields">Fields that the record has fewer than the header.</param>
    /// <param name="row">Its number.</param>
    /// <param name="reason">Why it was rejected.</param>
    public void WriteRecord(string header, ReadOnlySpan<byte> record, char delimiter, int missingFields, long row, string reason)
    {
        var tail = Encoding.UTF8.GetBytes($"{new string(delimiter, missingFields)}{delimiter}{row.ToString(CultureInfo.InvariantCulture)}{delimiter}{CsvFields.Quoted(reason, delimiter)}\n");
        var line = new byte[record.Length + tail.Length];
        record.CopyTo(line);
        tail.CopyTo(line, record.Length);
        Write(header, delimiter, line);
    }

    /// <summary>Writes a row of named values.</summary>
    public void WriteValues(IEnumerable<string> names, IEnumerable<string> values, long row, string reason) =>
        Write(CsvFields.Join([.. names]), ',', Encoding.UTF8.GetBytes($"{CsvFields.Join([.. values])},{row.ToString(CultureInfo.InvariantCulture)},{CsvFields.Quoted(reason, ',')}\n"));

    /// <summary>Writes what was kept.</summary>
    public void ReleaseHeld()
    {
        IsHeld = false;
        foreach (var (header, delimiter, line) in _held)
            Write(header, delimiter, line);
        _held.Clear();
        HeldBytes = 0;
    }

    /// <summary>Brings what was written to the disk.</summary>
    public void Flush() => _file?.Flush();

    /// <summary>Brings what was written to the disk.</summary>
    /// <returns>What was written since the last call.</returns>
    public IReadOnlyList<RejectedRange> TakeRanges()
    {
        EndRange();
        Flush();
        RejectedRange[] taken = [.. _ranges];
        _ranges.Clear();
        return taken;
    }

    public void Dispose()
    {
        _file?.Dispose();
        _hash.Dispose();
    }

    private static string Sha256(DurableFile file, RejectedRange range)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[64 * 1024];
        var position = range.Start;
        int read;
        while (position < range.End && (read = file.Read(position, buffer, (int)Math.Min(buffer.Length, range.End - position))) > 0)
        {
            hash.AppendData(buffer, 0, read);
            position += read;
        }

        return Hex.Of(hash.GetHashAndReset());
    }

    private void Write(string header, char delimiter, byte[] line)
    {
        if (IsHeld)
        {
            _held.Add((header, delimiter, line));
            HeldBytes += line.Length;
            return;
        }

        var heading = Encoding.UTF8.GetBytes($"{header}{delimiter}{RowColumn}{delimiter}{ReasonColumn}\n");
        if (_file is null || !HasHeader(header, heading) || !IsAsLeft(line))
            OpenNext(header, delimiter, heading);
        if (_written.Count == 0)
            _written.Add(_filePath);
        Append(line);
    }

    /// <summary>True if the file that is open has this header.</summary>
    private bool HasHeader(string header, byte[] heading)
    {
        if (_header is not null)
            return _header == header;
        // It was left by an earlier command, so only the file itself knows.
        if (_position > 0 ? !_file!.Read(0, heading.Length).AsSpan().SequenceEqual(heading) : !IsAsLeft(heading))
            return false;
        if (_position == 0)
            Append(heading);
        _header = header;
        return true;
    }

    /// <summary>
    /// True if what an earlier command left from here on is this, or part of it. A crash may have kept some of it from the
    /// disk, which then holds zeros.
    /// </summary>
    private bool IsAsLeft(byte[] bytes)
    {
        if (_position >= _leftUntil)
            return true;
        var left = _file!.Read(_position, (int)Math.Min(bytes.Length, _leftUntil - _position));
        for (var i = 0; i < left.Length; i++)
        {
            if (left[i] != bytes[i] && left[i] != 0)
                return false;
        }

        return true;
    }

    private void OpenNext(string header, char delimiter, byte[] heading)
    {
        EndRange();
        Flush();
        _file?.Dispose();
        _filePath = _files.Exists(_path) ? _files.NextFree(_path) : _path;
        _onNewFile(_filePath, delimiter);
        _file = _files.OpenExclusively(_filePath);
        _written.Add(_filePath);
        _header = header;
        _position = _rangeStart = _leftUntil = 0;
        Append(heading);
    }

    private void Append(byte[] bytes)
    {
        _file!.Write(_position, bytes, bytes.Length);
        _hash.AppendData(bytes);
        _position += bytes.Length;
    }

    private void EndRange()
    {
        if (_position == _rangeStart)
            return;
        _ranges.Add(new RejectedRange(_filePath, _rangeStart, _position, Hex.Of(_hash.GetHashAndReset())));
        _rangeStart = _position;
    }
}
