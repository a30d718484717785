using TargetProfiles.Batches;
using TargetProfiles.Rows;

namespace TargetProfiles.Sending.Journal;

/// <summary>A finished batch file as a source: it has rows, and they end where it ends.</summary>
internal sealed class WholeFile(SealedBatch batch) : IMarkedSource
{
    private readonly SourceMark _end = new(batch.RowCount, batch.Length, 0, 0, batch.Sha256);
    private bool _isBegun;

    public SourceMark MarkBeforeRow() => MarkEnd();

    public SourceMark MarkEnd()
    {
        if (_isBegun)
            return _end;
        _isBegun = true;
        return default(SourceMark) with { Sha256 = "" };
    }
}
