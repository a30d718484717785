namespace TargetProfiles.Emulator.Profiles;

/// <summary>Applies a batch's rows to the store, by the rules of its version.</summary>
internal static class BatchProcessing
{
    private const int LongestThirdPartyId = 256;
    private const int LongestPcId = 128;

    public static void Apply(QueuedBatch batch, ProfileStore store, EmulatorOptions options, DateTimeOffset now, CancellationToken stop)
    {
        BatchFile file = batch.File!;
        bool byThirdPartyId = file.IdType == "thirdPartyId";
        var block = new RowBlock(file.Bytes, file.Names, file.DecodeFields, file.PlusIsSpace, pending: batch.Version == 2 && byThirdPartyId, now);
        var loss = new RowLoss(options.LossRate, options.Seed, batch.Number);
        bool dropPending = block.Pending && options.OverrideMode == V2OverrideMode.WholePendingSet;
        int row = 0;
        batch.Listing?.Clear();

        for (int start = file.RowsStart, next; start < file.Bytes.Length; start = next)
        {
            int end = BatchFile.LineEnd(file.Bytes, start, file.TolerateCarriageReturn, out next);
            if (end == start || (end == start + 1 && file.Bytes[start] == '\r'))
            {
                continue;
            }

            if (batch.Stuck && row >= options.StuckAfterRows)
            {
                break;
            }

            if ((++row & 4095) == 0)
            {
                stop.ThrowIfCancellationRequested();
            }

            int comma = file.Bytes.AsSpan(start, end - start).IndexOf((byte)',');
            int idEnd = comma < 0 ? end : start + comma;
            int valuesStart = Math.Min(idEnd + 1, end);
            if (!HasValue(file.Bytes, valuesStart, end))
            {
                // Empty values are ignored, so a row of nothing else neither updates nor creates.
                continue;
            }

            string id = block.FieldText(start, idEnd - start);
            batch.Consumed++;
            string outcome = "success";
            if (!Usable(id, byThirdPartyId, options))
            {
                batch.AddFailed(id);
                outcome = "error";
            }
            else
            {
                StoredProfile? profile = byThirdPartyId ? store.ByThirdPartyId(id) : store.ByPcId(id);
                if (profile is null && batch.Version == 1)
                {
                    batch.NotFound++;
                    outcome = "error";
                }
                else
                {
                    bool isLost = loss.Takes(row);
                    if (!isLost || !options.LossInCounts)
                    {
                        batch.Successful++;
                    }

                    if (!isLost)
                    {
                        profile ??= byThirdPartyId ? store.Create(null, id, null, now) : store.Create(id, null, null, now);
                        AttributeLayer? older = dropPending ? WithoutPending(profile.Layers, block) : profile.Layers;
                        store.Write(profile, new RowLayer(block, valuesStart, end - valuesStart, older), now);
                    }
                }
            }

            batch.Listing?.Add(new(byThirdPartyId ? id : GeneratedPcId.WithoutHint(id), outcome));
        }

        batch.Status = batch.Stuck ? "stuck" : "complete";
        batch.File = null;
    }

    /// <summary>Every row as <c>pending</c>, for the listing of a batch not yet processed.</summary>
    public static List<KeyValuePair<string, string>> PendingListing(BatchFile file)
    {
        var listing = new List<KeyValuePair<string, string>>(file.Rows);
        var block = new RowBlock(file.Bytes, [], file.DecodeFields, file.PlusIsSpace, pending: false, default);
        for (int start = file.RowsStart, next; start < file.Bytes.Length; start = next)
        {
            int end = BatchFile.LineEnd(file.Bytes, start, tolerateCarriageReturn: true, out next);
            if (end > start)
            {
                int comma = file.Bytes.AsSpan(start, end - start).IndexOf((byte)',');
                string id = block.FieldText(start, comma < 0 ? end - start : comma);
                listing.Add(new(file.IdType == "pcId" ? GeneratedPcId.WithoutHint(id) : id, "pending"));
            }
        }

        return listing;
    }

    /// <summary>What is left when everything pending vanishes; rows of the same batch are not "consecutive batches" and stay.</summary>
    public static AttributeLayer? WithoutPending(AttributeLayer? layers, RowBlock? except)
    {
        if (layers is null || (layers is RowLayer newest && ReferenceEquals(newest.Block, except)))
        {
            return layers;
        }

        var kept = AttributeLayer.Flatten(layers).Where(pair => !pair.Value.Pending)
            .ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        return kept.Count == 0 ? null : new ValueLayer(kept, layers.At, older: null);
    }

    private static bool HasValue(byte[] bytes, int start, int end)
    {
        for (int at = start; at < end; at++)
        {
            if (bytes[at] != ',')
            {
                return true;
            }
        }

        return false;
    }

    private static bool Usable(string id, bool thirdParty, EmulatorOptions options) =>
        id.Length > 0
        && id.Length <= (thirdParty ? LongestThirdPartyId : LongestPcId)
        && !(thirdParty && options.FailIdsWithPlusOrSlash && id.IndexOfAny(['+', '/']) >= 0);
}
