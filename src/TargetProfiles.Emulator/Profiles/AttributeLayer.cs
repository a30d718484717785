namespace TargetProfiles.Emulator.Profiles;

/// <summary>
/// What one write gave a profile, over what it had before. Layers never change, so a snapshot is a reference, and a row
/// of a batch stays as bytes until someone looks.
/// </summary>
internal abstract class AttributeLayer(AttributeLayer? older)
{
    /// <summary>A profile written more often than this gets its layers folded into one.</summary>
    public const int MostLayers = 16;

    public AttributeLayer? Older { get; } = older;

    public int Depth { get; } = older is null ? 1 : older.Depth + 1;

    public abstract DateTimeOffset At { get; }

    /// <summary>Adds what this layer set, as far as it was set by then.</summary>
    public abstract void AddTo(Dictionary<string, AttributeValue> attributes, DateTimeOffset until);

    /// <summary>All attributes, the newest value of each; with a time, only what was set by then.</summary>
    public static Dictionary<string, AttributeValue> Flatten(AttributeLayer? newest, DateTimeOffset? until = null)
    {
        var attributes = new Dictionary<string, AttributeValue>(StringComparer.Ordinal);
        DateTimeOffset limit = until ?? DateTimeOffset.MaxValue;
        if (newest is { Older: null })
        {
            newest.AddTo(attributes, limit);
            return attributes;
        }

        var layers = new Stack<AttributeLayer>();
        for (AttributeLayer? layer = newest; layer is not null; layer = layer.Older)
        {
            layers.Push(layer);
        }

        foreach (AttributeLayer layer in layers)
        {
            layer.AddTo(attributes, limit);
        }

        return attributes;
    }

    /// <summary>Folds a long chain, so that neither memory nor reading grows with the number of writes.</summary>
    public static AttributeLayer Folded(AttributeLayer newest) =>
        newest.Depth <= MostLayers ? newest : new ValueLayer(Flatten(newest), newest.At, older: null);
}

/// <summary>A row of a batch, still as bytes.</summary>
internal sealed class RowLayer(RowBlock block, int offset, int length, AttributeLayer? older) : AttributeLayer(older)
{
    public RowBlock Block { get; } = block;

    public override DateTimeOffset At => Block.AppliedAt;

    public override void AddTo(Dictionary<string, AttributeValue> attributes, DateTimeOffset until)
    {
        if (At <= until)
        {
            Block.AddRow(offset, length, attributes);
        }
    }
}

/// <summary>Attributes as values: from a single update, a seed, or layers folded.</summary>
internal sealed class ValueLayer(Dictionary<string, AttributeValue> values, DateTimeOffset at, AttributeLayer? older)
    : AttributeLayer(older)
{
    public override DateTimeOffset At { get; } = at;

    public override void AddTo(Dictionary<string, AttributeValue> attributes, DateTimeOffset until)
    {
        foreach (KeyValuePair<string, AttributeValue> value in values)
        {
            if (value.Value.ModifiedAt <= until)
            {
                attributes[value.Key] = value.Value;
            }
        }
    }
}
