using TargetProfiles.Profiles;

namespace TargetProfiles.Sending.Journal;

/// <summary>A cover with rows to send again: those of its batch, or of one or both of its halves.</summary>
internal sealed class FailedCover(CoverState cover, IReadOnlyList<FailedBatch> batches)
{
    public CoverRecord Record { get; } = cover.Record;

    /// <summary>Rows that were found again.</summary>
    public int Found { get; set; }

    /// <summary>The batch that the row is to be sent again for; null if it got through.</summary>
    /// <param name="place">Its place among the rows that were found, from 1.</param>
    /// <param name="print">Fingerprint of its id.</param>
    /// <param name="idType">Type of its id.</param>
    /// <param name="fingerprint">Makes fingerprints.</param>
    public FailedBatch? BatchOf(int place, ulong print, ProfileIdType idType, IdFingerprint fingerprint) =>
        batches.FirstOrDefault(batch => MayHold(batch.Outcome, place) && batch.Holds(print, idType, fingerprint));

    // Rows that are sound alone and not once merged are found too: a row may have left that many places earlier.
    private bool MayHold(OutcomeRecord outcome, int place) => outcome.Part switch
    {
        1 => place - Math.Max(0, Found - Record.Rows) <= outcome.Rows,
        2 => place > Record.Rows - outcome.Rows,
        _ => true,
    };
}
