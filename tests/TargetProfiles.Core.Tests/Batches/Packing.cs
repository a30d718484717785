using TargetProfiles.Batches;
using TargetProfiles.Rows;
using TargetProfiles.Sending;

namespace TargetProfiles.Core.Tests;

/// <summary>Rows to sealed batches, without sending.</summary>
internal sealed class Packing : IDisposable
{
    private readonly ColumnMap _map;
    private readonly BatchBuilder _builder;
    private readonly ObjectRow _row;
    private long _read;

    public Packing(RowMapping? mapping = null, BatchLimits? limits = null)
    {
        _map = new ColumnMap(mapping ?? new RowMapping(), Warnings.Add);
        _builder = new BatchBuilder(limits ?? new BatchLimits(), _map.AttributeNames);
        Encoder = new RowEncoder(_map, _builder);
        _row = new ObjectRow(Encoder, _map, value => value);
    }

    public RowEncoder Encoder { get; }

    public List<string> Warnings { get; } = [];

    public List<SealedBatch> Batches { get; } = [];

    public IEnumerable<DecodedRow> Rows => Batches.SelectMany(batch => DecodedBatch.Of(batch).Rows);

    public RowResult Add(params (string Name, object? Value)[] row)
    {
        Encoder.Begin();
        _row.Begin();
        foreach (var (name, value) in row)
            _row.Add(name, value);
        var result = Encoder.End(++_read, out var complete);
        if (complete is not null)
            Batches.Add(complete);
        return result;
    }

    /// <summary>Adds a row that must break a rule; gives the rule's id.</summary>
    public string? Rejected(params (string Name, object? Value)[] row) =>
        Add(row) == RowResult.Rejected ? Encoder.Fault!.Id : null;

    public void Seal()
    {
        if (_builder.Seal() is { } last)
            Batches.Add(last);
    }

    public void Dispose()
    {
        Batches.ForEach(batch => batch.Dispose());
        _builder.Dispose();
    }
}
