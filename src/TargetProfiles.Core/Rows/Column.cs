using TargetProfiles.Profiles;

namespace TargetProfiles.Rows;

internal enum ColumnRole
{
    Attribute,
    Id,
    Ignored,

    /// <summary>Cannot be sent: a row with a value in it is rejected.</summary>
    Faulty,
}

/// <summary>What a column of the source becomes.</summary>
internal sealed record Column(string Name, ColumnRole Role)
{
    /// <summary>Position among the attributes, from 0; -1 for other roles.</summary>
    public int Ordinal { get; init; } = -1;

    public ProfileIdType IdType { get; init; }

    /// <summary>Values are sent as their SHA-256.</summary>
    public bool IsHashed { get; init; }

    /// <summary>Why the column is <see cref="ColumnRole.Faulty"/>.</summary>
    public RowRule? Fault { get; init; }
}
