using System.Security.Cryptography;
using System.Text;

namespace TargetProfiles.Rows;

/// <summary>
/// Recognises rows of named values that come again: each row is written in one canonical form and hashed. A name is written
/// only where it differs from the row before.
/// </summary>
internal sealed class RowDigest : IMarkedSource, IDisposable
{
    private const byte RowStart = 0;
    private const byte Name = 1;
    private const byte Value = 2;
    private const byte NoValue = 3;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<string> _names = [];
    private byte[] _row = new byte[4096];
    private int _length;
    private int _position;

    /// <summary>Rows begun so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Begins a row.</summary>
    public void Begin()
    {
        HashRow();
        Rows++;
        _position = 0;
        Append(RowStart, []);
    }

    /// <summary>Adds a value of the row.</summary>
    public void Add(string name, ReadOnlySpan<byte> utf8)
    {
        AddName(name);
        Append(Value, utf8);
    }

    /// <summary>Adds a value that is not there, or that no text stands for.</summary>
    public void AddNothing(string name)
    {
        AddName(name);
        Append(NoValue, []);
    }

    public SourceMark MarkBeforeRow() => new(Rows - 1, 0, 0, 0, Hex.Of(_hash.GetHashAndReset()));

    public SourceMark MarkEnd()
    {
        HashRow();
        return new SourceMark(Rows, 0, 0, 0, Hex.Of(_hash.GetHashAndReset()));
    }

    public void Dispose() => _hash.Dispose();

    private void HashRow()
    {
        _hash.AppendData(_row, 0, _length);
        _length = 0;
    }

    private void AddName(string name)
    {
        if (_position == _names.Count)
            _names.Add("");
        if (!ReferenceEquals(_names[_position], name) && _names[_position] != name)
        {
            _names[_position] = name;
            Append(Name, Encoding.UTF8.GetBytes(name));
        }

        _position++;
    }

    private void Append(byte kind, ReadOnlySpan<byte> bytes)
    {
        var needed = _length + 5 + bytes.Length;
        if (needed > _row.Length)
            Array.Resize(ref _row, Math.Max(needed, _row.Length * 2));
        _row[_length] = kind;
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(_row.AsSpan(_length + 1), bytes.Length);
        bytes.CopyTo(_row.AsSpan(_length + 5));
        _length = needed;
    }
}
