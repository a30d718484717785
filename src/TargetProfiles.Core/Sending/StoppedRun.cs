namespace TargetProfiles.Sending;

/// <summary>What the same command would do after a run that stopped early.</summary>
public static class StoppedRun
{
    /// <summary>The sentence that ends the remedy.</summary>
    /// <param name="failure">What stopped the run.</param>
    /// <param name="remedy">What was said already.</param>
    /// <param name="hasJournal">True if the run had a journal.</param>
    /// <returns>The sentence; null if the same command would fail as it did now.</returns>
    public static string? WhatNext(Exception failure, string remedy, bool hasJournal)
    {
        if (remedy is null)
            throw new ArgumentNullException(nameof(remedy));
        if (failure is InvalidDataException or TargetServiceException { Kind: ServiceFailureKind.Refused or ServiceFailureKind.CanaryStuck } or JournalException { Fault: not JournalFault.Unwritable })
            return null;
        var start = remedy.IndexOf("same command again", StringComparison.Ordinal) >= 0 ? "It" : "Then run the same command again: it";
        return hasJournal
            ? $"{start} goes on where this one ended."
            : $"{start} sends every row again, which does no harm; with -JournalPath it would go on where this one ended.";
    }
}
