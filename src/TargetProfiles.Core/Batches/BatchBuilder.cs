using System.Runtime.CompilerServices;
using System.Text;

namespace TargetProfiles.Batches;

/// <summary>Collects encoded rows and seals a batch before either cap would be passed.</summary>
internal sealed class BatchBuilder(BatchLimits limits, List<string> attributeNames) : IDisposable
{
    private readonly byte[] _scratch = new byte[ServiceLimits.MaxAttributeNameLength * 3 * PercentEncoder.MaxExpansion];
    private readonly List<byte> _encodedNames = [];
    private readonly List<int> _encodedNamesEnd = [];

    private SegmentedBuffer _rows = new();
    private int _mostRows = Math.Min(limits.FirstBatchRows ?? limits.Rows, limits.Rows);
    private RowWitness _witness;
    private int _columns;
    private int _measuredColumns;
    private int _measuredLength;
    private long _firstRow;
    private long _lastRow;
    private int _sealedCount;
    private int _prefixLength;
    private ProfileIdType _idType;

    /// <summary>The id type in the header; set before the first row.</summary>
    public ProfileIdType IdType
    {
        get => _idType;
        set
        {
            _idType = value;
            _prefixLength = Prefix.Length + 1;
        }
    }

    private string Prefix => _idType == ProfileIdType.ThirdPartyId ? "batch=thirdPartyId" : "batch=pcId";

    /// <summary>True if a row of this size fits into an empty batch.</summary>
    public bool Fits(int idLength, int valuesLength) => HeaderLength(attributeNames.Count) + idLength + valuesLength + 1 < limits.Bytes;

    /// <summary>Adds an encoded row: the id, then the values, each with its comma in front.</summary>
    /// <returns>The batch that had to be sealed to make room, or null.</returns>
    [MethodImpl(Bits.Optimized)]
    public SealedBatch? Append(long rowNumber, ReadOnlySpan<byte> id, ReadOnlySpan<byte> values)
    {
        var columns = attributeNames.Count;
        var length = HeaderLength(columns) + _rows.Length + id.Length + values.Length + 1;
        var full = _witness.Rows == _mostRows || length >= limits.Bytes;
        var complete = full ? Seal() : null;
        if (_witness.Rows == 0)
            _firstRow = rowNumber;
        _rows.AppendLine(id, values);
        _witness.Add(id, values);
        _lastRow = rowNumber;
        _columns = columns;
        return complete;
    }

    /// <summary>Where further rows of the batch may be written, as long as they do not fill it.</summary>
    /// <param name="rows">Rows that it may get.</param>
    /// <returns>Where; not necessarily all that the batch may hold.</returns>
    public ArraySegment<byte> Room(out int rows)
    {
        rows = _mostRows - _witness.Rows;
        var room = _rows.Room();
        var bytes = limits.Bytes - 1 - HeaderLength(attributeNames.Count) - _rows.Length;
        return bytes < room.Count ? new ArraySegment<byte>(room.Array!, room.Offset, (int)Math.Max(0, bytes)) : room;
    }

    /// <summary>Adds rows that were written where there was room.</summary>
    /// <param name="firstRow">Number of the first of them; each other one has the next number.</param>
    /// <param name="count">How many they are.</param>
    /// <param name="length">Their bytes, line ends included.</param>
    public void Take(long firstRow, int count, int length)
    {
        if (_witness.Rows == 0)
            _firstRow = firstRow;
        _witness.Add(_rows.Take(length), count);
        _lastRow = firstRow + count - 1;
        _columns = attributeNames.Count;
    }

    /// <summary>Ends the batch. The header names only the columns that its rows can have.</summary>
    /// <returns>The batch, or null if it has no rows.</returns>
    public SealedBatch? Seal()
    {
        if (_witness.Rows == 0)
            return null;
        var header = Header();
        var sealedBatch = new SealedBatch(TakeNumber(), header, _rows, _witness, _firstRow, _lastRow);
        _rows = _rows.Another();
        _witness = default;
        return sealedBatch;
    }

    /// <summary>Number of the next batch of the run. A batch that is made elsewhere takes it once it is there.</summary>
    public int NextNumber => _sealedCount + 1;

    /// <summary>Takes the next batch number.</summary>
    public int TakeNumber()
    {
        _mostRows = limits.Rows;
        return ++_sealedCount;
    }

    public void Dispose() => _rows.Dispose();

    private int HeaderLength(int columns) =>
        columns == _measuredColumns ? _prefixLength + _measuredLength : MeasuredHeaderLength(columns);

    private int MeasuredHeaderLength(int columns)
    {
        while (_encodedNamesEnd.Count < columns)
        {
            var name = Encoding.UTF8.GetBytes(attributeNames[_encodedNamesEnd.Count]);
            var length = PercentEncoder.Encode(name, _scratch);
            _encodedNames.Add((byte)',');
            for (var i = 0; i < length; i++)
                _encodedNames.Add(_scratch[i]);
            _encodedNamesEnd.Add(_encodedNames.Count);
        }

        _measuredColumns = columns;
        _measuredLength = columns == 0 ? 0 : _encodedNamesEnd[columns - 1];
        return _prefixLength + _measuredLength;
    }

    private byte[] Header()
    {
        var length = HeaderLength(_columns);
        var header = new byte[length];
        var prefix = Encoding.ASCII.GetBytes(Prefix);
        prefix.CopyTo(header, 0);
        _encodedNames.CopyTo(0, header, prefix.Length, length - prefix.Length - 1);
        header[length - 1] = (byte)'\n';
        return header;
    }
}
