namespace TargetProfiles.Sending.Comparing;

/// <summary>An even sample of rows, of a fixed size and the same for the same seed (reservoir sampling).</summary>
internal sealed class RowSample(int size, int seed)
{
#pragma warning disable CA5394 // picks rows, guards nothing
    private readonly Random _random = new(seed);
    private readonly List<(long Number, ExpectedProfile Row)> _rows = [];
    private long _seen;

    /// <summary>The sample, in the order of the rows.</summary>
    public IEnumerable<ExpectedProfile> Rows => _rows.OrderBy(kept => kept.Number).Select(kept => kept.Row);

    /// <summary>Considers a row, and reads it only if it is taken.</summary>
    public void Consider(Func<ExpectedProfile> read)
    {
        _seen++;
        var place = _rows.Count < size ? _rows.Count : (long)(_random.NextDouble() * _seen);
        if (place == _rows.Count && place < size)
            _rows.Add((_seen, read()));
        else if (place < size)
            _rows[(int)place] = (_seen, read());
    }
#pragma warning restore CA5394
}
