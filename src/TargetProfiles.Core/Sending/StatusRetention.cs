using System.Globalization;

namespace TargetProfiles.Sending;

/// <summary>
/// Tells whether the service need not know a batch any more. That it keeps a day's statuses, and ten of them, was documented
/// formerly; that it still does, and that ids hold the time of the submit, is inferred (facts 2.1 and 2.2). May be used from
/// any thread.
/// </summary>
internal sealed class StatusRetention
{
    private readonly Dictionary<string, DateTime> _submitted = new(StringComparer.Ordinal);

    /// <summary>Takes note of a batch of the account.</summary>
    public void Add(string batchId, DateTime? submittedAt)
    {
        if ((submittedAt ?? SubmittedAt(batchId)) is not DateTime moment)
            return;
        lock (_submitted)
            _submitted[batchId] = moment;
    }

    /// <summary>True if an answer that the batch is unknown is what was to be expected, unless it is too young to be known.</summary>
    public bool IsOver(string batchId, DateTime now)
    {
        lock (_submitted)
        {
            // Of batches that were submitted in the same millisecond any may be the older one; the batch counts itself.
            return _submitted.TryGetValue(batchId, out var moment)
                && (now - moment > ServiceLimits.StatusLifetime || _submitted.Values.Count(other => other >= moment) > ServiceLimits.StatusesKept);
        }
    }

    /// <summary>When a batch was submitted, by its id, such as <c>acme-1701473848678-13029383</c>; null if the id does not tell.</summary>
    public static DateTime? SubmittedAt(string batchId)
    {
        const int MillisecondDigits = 13;
        var parts = batchId.Split('-');
        return parts.Length >= 3 && parts[parts.Length - 2] is { Length: MillisecondDigits } digits
            && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime
            : null;
    }
}
