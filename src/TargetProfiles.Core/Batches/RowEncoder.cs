using System.Runtime.CompilerServices;
using TargetProfiles.Profiles;
using TargetProfiles.Rows;

namespace TargetProfiles.Batches;

internal enum RowResult
{
    /// <summary>The row stands in the batch.</summary>
    Added,

    /// <summary>The row has an id and no values; the service would ignore it (fact 1.28).</summary>
    Empty,

    /// <summary>The row breaks a rule and is not sent.</summary>
    Rejected,

    /// <summary>The row's values stand in the batch, in an earlier row of the same id.</summary>
    Merged,
}

/// <summary>Checks one row against the rules and encodes it. Values may come in any order; they leave in column order.</summary>
internal sealed partial class RowEncoder(ColumnMap columns, BatchBuilder builder)
{
    private readonly FieldText _fieldText = columns.FieldText;
    private readonly ValueRules _valueRules = new(columns.Rules);
    private byte[] _plainIdCopy = new byte[256];
    private byte[] _idCopy = new byte[1024];
    private byte[] _values = new byte[64 * 1024];
    private byte[] _ordered = [];
    private int[] _starts = new int[64];
    private int[] _lengths = new int[64];
    private long[] _rowOfValue = new long[64];
    private long _row;
    private BytesAt _plainId;
    private BytesAt _id;
    private BytesAt _completed;
    private bool _isCompleted;
    private bool _isAdded;
    private int _valuesLength;
    private int _valueCount;
    private int _lastOrdinal;
    private int _decodedBytes;
    private bool _inOrder;
    private string? _faultText;
    private Column? _idColumn;
    private ProfileIdType? _runIdType;

    /// <summary>The first rule that the row breaks.</summary>
    public RowRule? Fault { get; private set; }

    /// <summary>The column that <see cref="Fault"/> is about, or null.</summary>
    public string? FaultColumn { get; private set; }

    /// <summary>What <see cref="Fault"/> tells the user.</summary>
    public string FaultText => _faultText ?? Fault!.Requirement;

    /// <summary>What the run is keyed by; null before its first id.</summary>
    public ProfileIdType? IdType => _runIdType;

    /// <summary>The id column of this row, if it has one.</summary>
    public Column? IdColumn => _idColumn;

    /// <summary>The row's id as it is sent, not encoded; empty if it breaks a rule.</summary>
    public ReadOnlySpan<byte> Id => _plainId.Span;

    /// <summary>The values as they are sent, each with its comma in front, once the row was judged sound.</summary>
    public ReadOnlySpan<byte> EncodedValues => _completed.Span;

    /// <summary>Rules of warning severity that the row breaks, and where. The row is sent all the same.</summary>
    public List<(RowRule Rule, string Column)> Warnings { get; } = [];

    [MethodImpl(Bits.Optimized)]
    public void Begin()
    {
        _row++;
        _plainId.Length = 0;
        _isAdded = false;
        _isCompleted = false;
        _valuesLength = 0;
        _valueCount = 0;
        _lastOrdinal = -1;
        _decodedBytes = 0;
        _inOrder = true;
        _idColumn = null;
        Fault = null;
        FaultColumn = null;
        _faultText = null;
        Warnings.Clear();
    }

    /// <summary>Rejects the row; the first reason stands.</summary>
    /// <param name="rule">The rule that it breaks.</param>
    /// <param name="column">Where, or null.</param>
    /// <param name="text">What to tell the user, if that is more than the rule's requirement.</param>
    public void Reject(RowRule rule, string? column = null, string? text = null)
    {
        if (Fault is not null)
            return;
        _isAdded = false;
        Fault = rule;
        FaultColumn = column;
        _faultText = text;
    }

    /// <summary>Makes the run keyed by an id type, as its first row would.</summary>
    public void KeyBy(ProfileIdType? idType)
    {
        if (_runIdType is not null || idType is not ProfileIdType known)
            return;
        _runIdType = known;
        builder.IdType = known;
    }

    /// <summary>True if the row has a value for the column's attribute already.</summary>
    public bool Has(Column column) => column.Ordinal < _rowOfValue.Length && _rowOfValue[column.Ordinal] == _row;

    /// <summary>Takes one field of the row, as UTF-8.</summary>
    public void Add(Column column, ReadOnlySpan<byte> text)
    {
        text = _fieldText.Of(column, text);
        _isAdded = false;
        switch (column.Role)
        {
            case ColumnRole.Attribute:
                AddValue(column, text);
                break;
            case ColumnRole.Id:
                SetId(column, text);
                break;
            case ColumnRole.Faulty when !Utf8Text.IsBlank(text):
                Reject(column.Fault!, column.Name);
                break;
        }
    }

    /// <summary>What becomes of the row, once all its fields are there.</summary>
    [MethodImpl(Bits.Optimized)]
    public RowResult Judge()
    {
        if (_isAdded)
            return RowResult.Added;
        if (Fault is null && _idColumn is null)
            Reject(RowRule.IdMissing);
        if (Fault is not null)
            return RowResult.Rejected;
        if (_valueCount == 0)
            return RowResult.Empty;

        if (!_isCompleted)
            Complete();
        _isAdded = builder.Fits(_id.Length, _completed.Length);
        if (_isAdded)
            return RowResult.Added;
        Reject(RowRule.RowLargerThanBatch);
        return RowResult.Rejected;
    }

    /// <summary>Ends the row.</summary>
    /// <param name="rowNumber">Number of the row in its source.</param>
    /// <param name="complete">The batch that this row did not fit into, or null.</param>
    [MethodImpl(Bits.Optimized)]
    public RowResult End(long rowNumber, out SealedBatch? complete)
    {
        var result = Judge();
        complete = result == RowResult.Added ? builder.Append(rowNumber, _id.Span, _completed.Span) : null;
        return result;
    }

    private void SetId(Column column, ReadOnlySpan<byte> text)
    {
        if (_idColumn is not null)
        {
            Reject(RowRule.IdAmbiguous, column.Name);
            return;
        }

        _idColumn = column;
        KeyBy(column.IdType);
        if (_runIdType != column.IdType)
        {
            Reject(RowRule.IdTypeMixed, column.Name);
            return;
        }

        var fault = ProfileIdRules.Check(text, column.IdType, columns.Rules);
        if (fault is not null)
        {
            Reject(fault, column.Name);
            return;
        }

        Reserve(ref _plainIdCopy, text.Length);
        text.CopyTo(_plainIdCopy);
        _plainId.Set(_plainIdCopy, 0, text.Length);
        Reserve(ref _idCopy, text.Length * PercentEncoder.MaxExpansion);
        _id.Set(_idCopy, 0, PercentEncoder.Encode(text, _idCopy));
        _decodedBytes += text.Length;
        if (_decodedBytes > ServiceLimits.MaxProfileBytes)
            Reject(RowRule.RowTooLarge);
    }

    private void AddValue(Column column, ReadOnlySpan<byte> text)
    {
        if (Fault is not null || Utf8Text.IsBlank(text))
            return;
        if (Utf8Text.IsDamaged(text))
        {
            Reject(RowRule.TextDamaged, column.Name);
            return;
        }

        _decodedBytes += text.Length;
        if (_decodedBytes > ServiceLimits.MaxProfileBytes)
        {
            Reject(RowRule.RowTooLarge, column.Name);
            return;
        }

        var ordinal = column.Ordinal;
        if (ordinal >= _starts.Length)
        {
            Array.Resize(ref _starts, ordinal * 2);
            Array.Resize(ref _lengths, ordinal * 2);
            Array.Resize(ref _rowOfValue, ordinal * 2);
        }

        _valueRules.Check(column, text, Warnings);
        if (_rowOfValue[ordinal] == _row)
        {
            Reject(RowRule.NameCollision, column.Name);
            return;
        }

        if (ordinal < _lastOrdinal)
            _inOrder = false;
        Reserve(ref _values, _valuesLength + (text.Length * PercentEncoder.MaxExpansion) + Math.Abs(ordinal - _lastOrdinal));
        if (_inOrder)
            AppendCommas(ordinal - _lastOrdinal);
        _rowOfValue[ordinal] = _row;
        _starts[ordinal] = _valuesLength;
        _lengths[ordinal] = PercentEncoder.Encode(text, _values.AsSpan(_valuesLength));
        _valuesLength += _lengths[ordinal];
        _lastOrdinal = Math.Max(_lastOrdinal, ordinal);
        _valueCount++;
    }

    private void Complete()
    {
        _isCompleted = true;
        if (!_inOrder)
        {
            Order();
            return;
        }

        var missing = columns.AttributeNames.Count - 1 - _lastOrdinal;
        Reserve(ref _values, _valuesLength + missing);
        AppendCommas(missing);
        _completed.Set(_values, 0, _valuesLength);
    }

    private void AppendCommas(int count)
    {
        _values.AsSpan(_valuesLength, count).Fill((byte)',');
        _valuesLength += count;
    }

    private void Order()
    {
        var columnCount = columns.AttributeNames.Count;
        Reserve(ref _ordered, _valuesLength + columnCount);
        var length = 0;
        for (var ordinal = 0; ordinal < columnCount; ordinal++)
        {
            _ordered[length++] = (byte)',';
            if (ordinal > _lastOrdinal || _rowOfValue[ordinal] != _row)
                continue;
            _values.AsSpan(_starts[ordinal], _lengths[ordinal]).CopyTo(_ordered.AsSpan(length));
            length += _lengths[ordinal];
        }

        _completed.Set(_ordered, 0, length);
    }

    private static void Reserve(ref byte[] buffer, int length)
    {
        if (length > buffer.Length)
            Array.Resize(ref buffer, Math.Max(length, buffer.Length * 2));
    }

    /// <summary>Bytes in an array that is mostly the same: setting a reference costs more than setting numbers.</summary>
    private struct BytesAt
    {
        private byte[] _array;
        private int _start;

        public int Length;

        public readonly ReadOnlySpan<byte> Span => new(_array, _start, Length);

        public void Set(byte[] array, int start, int length)
        {
            if (!ReferenceEquals(_array, array))
                _array = array;
            _start = start;
            Length = length;
        }
    }
}
