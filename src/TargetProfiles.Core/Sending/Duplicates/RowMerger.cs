using TargetProfiles.Batches;
using TargetProfiles.Profiles;
using TargetProfiles.Rows;

namespace TargetProfiles.Sending.Duplicates;

/// <summary>
/// Makes one row of the rows of an id: the first sound one is sent, with the last value of each attribute. What becomes of
/// any row follows from the files alone, not from the rows that were visited before it, so a run can begin anywhere.
/// </summary>
internal sealed class RowMerger(FileIndex index, IdFingerprint fingerprint, FieldText fieldText, Func<RowEncoder> newEncoder, CancellationToken cancellation) : IDisposable
{
    private const int MaxKnown = 64 * 1024;

    /// <summary>Ids with more rows than that are not forgotten: deciding about them anew with every row would take for ever.</summary>
    private const int ManyRows = 64;

    private readonly RowEncoder _single = newEncoder();
    private readonly IndexedRecords _records = new();
    private readonly List<long> _positions = [];
    private Dictionary<ulong, Decision> _known = [];
    private IdQuestion? _isAlone;

    /// <summary>The merged row, after <see cref="FateOf"/> has said that the row carries it.</summary>
    public RowEncoder Row { get; } = newEncoder();

    /// <summary>Tells by the id alone that no other row has it; null if no id comes twice.</summary>
    public IdQuestion? IsAlone => index.HasRepeated ? _isAlone ??= (type, id) => !index.IsRepeated(fingerprint.Of(type, id)) : null;

    /// <summary>Decides about a row that is sound by itself; rejects it if the merged row is not.</summary>
    public RowFate FateOf(IndexedFile file, long offset, RowEncoder row)
    {
        if (!index.HasRepeated)
            return RowFate.Alone;
        var type = row.IdColumn!.IdType;
        var visitor = IdFingerprint.Visitor(type, row.Id);
        var print = fingerprint.Of(type, row.Id);
        var position = file.Start + offset;
        var isKnown = _known.TryGetValue(print, out var decision) && visitor.SequenceEqual(decision!.Visitor);
        if (!isKnown && !index.IsRepeated(print))
            return RowFate.Alone;
        if (!isKnown || decision!.Carrier == position)
            decision = Decide(print, visitor.ToArray(), position);
        if (decision!.Fault is RowRule fault)
        {
            row.Reject(fault, decision.FaultColumn, $"Together with the other rows of the same id, into which it would be merged: {fault.Requirement}");
            return RowFate.Alone;
        }

        if (decision.Rows == 1)
            return RowFate.Alone;
        return decision.Carrier == position ? RowFate.Carries : RowFate.Merged;
    }

    public void Dispose() => _records.Dispose();

    private Decision Decide(ulong print, byte[] visitor, long position)
    {
        index.FindRows(print, _positions);
        if (!_positions.Contains(position))
            throw index.FileAt(position).Changed();
        var carrier = 0;
        while (_positions[carrier] != position && !IsSound(_positions[carrier], print, visitor))
            carrier++;

        Row.Begin();
        var rows = 0;
        for (var i = _positions.Count - 1; i >= carrier; i--)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!IsSound(_positions[i], print, visitor))
                continue;
            rows++;
            AddRecord(isCarrier: i == carrier);
        }

        var isSound = rows == 1 || Row.Judge() == RowResult.Added;
        var decision = new Decision(visitor, _positions[carrier], rows, isSound ? null : Row.Fault, isSound ? null : Row.FaultColumn);
        Remember(print, decision);
        return decision;
    }

    /// <summary>Reads a row again, and tells whether it would be sent if it were alone.</summary>
    private bool IsSound(long position, ulong print, byte[] visitor)
    {
        var file = index.FileAt(position);
        _records.Read(file, position - file.Start);
        _single.Begin();
        var isSame = false;
        for (var i = 0; i < _records.FieldCount; i++)
        {
            var column = _records.Columns[i];
            _single.Add(column, _records.Field(i));
            isSame |= column.Role == ColumnRole.Id && fingerprint.Of(column.IdType, fieldText.Of(column, _records.Field(i))) == print;
        }

        if (!isSame)
            throw file.Changed();
        return _single.Judge() == RowResult.Added && IdFingerprint.Visitor(_single.IdColumn!.IdType, _single.Id).SequenceEqual(visitor);
    }

    private void AddRecord(bool isCarrier)
    {
        for (var i = 0; i < _records.FieldCount; i++)
        {
            var column = _records.Columns[i];
            if (column.Role == ColumnRole.Attribute ? !Row.Has(column) : isCarrier)
                Row.Add(column, _records.Field(i));
        }
    }

    private void Remember(ulong print, Decision decision)
    {
        if (_known.Count >= MaxKnown)
        {
            var kept = new Dictionary<ulong, Decision>();
            foreach (var entry in _known)
            {
                if (entry.Value.Rows > ManyRows)
                    kept.Add(entry.Key, entry.Value);
            }

            _known = kept;
        }

        _known[print] = decision;
    }

    private sealed record Decision(byte[] Visitor, long Carrier, int Rows, RowRule? Fault, string? FaultColumn);
}
