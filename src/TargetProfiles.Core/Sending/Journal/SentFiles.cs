using TargetProfiles.Batches;
using TargetProfiles.Rows;

namespace TargetProfiles.Sending.Journal;

/// <summary>Recognises files that were sent to the end before.</summary>
internal static class SentFiles
{
    /// <summary>True if the files hold, byte for byte, the rows that a complete journal recorded.</summary>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static bool AreThese(IReadOnlyList<string> paths, JournalContent journal, CsvOptions options, CancellationToken cancellation)
    {
        if (journal.Sources.Count != paths.Count)
            return false;
        for (var i = 0; i < paths.Count; i++)
        {
            if (!IsThis(paths[i], journal.Sources[i], journal, options, cancellation))
                return false;
        }

        return true;
    }

    /// <summary>The same for finished batch files.</summary>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static bool AreTheseBatches(IReadOnlyList<string> paths, JournalContent journal, CancellationToken cancellation)
    {
        if (journal.Sources.Count != paths.Count)
            return false;
        for (var i = 0; i < paths.Count; i++)
        {
            if (!IsThisBatch(paths[i], journal.Sources[i], journal, cancellation))
                return false;
        }

        return true;
    }

    private static bool IsThisBatch(string path, SourceRecord source, JournalContent journal, CancellationToken cancellation)
    {
        if (source.Kind != SourceRecord.BatchFile)
            return false;
        try
        {
            using var batch = BatchFile.Read(path, 1, 1, cancellation);
            return journal.RangesOf(source.Source).All(recorded => recorded.Range.Sha256 == batch.Sha256);
        }
        catch (InvalidDataException)
        {
            // Another file; what is wrong with it is told when it is read.
            return false;
        }
    }

    private static bool IsThis(string path, SourceRecord source, JournalContent journal, CsvOptions options, CancellationToken cancellation)
    {
        if (source.Kind != SourceRecord.Csv)
            return false;
        try
        {
            using var reader = new CsvReader(new InterruptibleStream(() => SourceFile.Open(path), cancellation), source.Name, options, isMarked: true);
            if (source.Sha256.Length > 0)
                return reader.SkipToEnd() == source.Sha256;
            if (reader.MarkEnd().Sha256 != source.HeaderSha256)
                return false;
            foreach (var (_, range) in journal.RangesOf(source.Source))
            {
                if (reader.SkipTo(range.EndMark) != range.Sha256)
                    return false;
            }

            return !reader.Read();
        }
        catch (CsvFormatException)
        {
            // Another file; what is wrong with it is told when it is read.
            return false;
        }
    }
}
