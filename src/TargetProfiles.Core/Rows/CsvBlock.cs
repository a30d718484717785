namespace TargetProfiles.Rows;

/// <summary>What stands where in 64 bytes of text: one bit a byte.</summary>
internal struct CsvBlock
{
    /// <summary>Bytes of a block.</summary>
    public const int Size = 64;

    /// <summary>Delimiters and line ends.</summary>
    public ulong Separators;

    /// <summary>Carriage returns and line feeds.</summary>
    public ulong LineEnds;

    /// <summary>What takes more than separators to split: quotes, and blanks beside a separator.</summary>
    public ulong Complex;

    /// <summary>What a percent-encoded text cannot hold as it is; separators are not among it.</summary>
    public ulong Reserved;
}
