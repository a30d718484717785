namespace TargetProfiles;

/// <summary>What became of every row of a comparison.</summary>
public sealed class TargetProfileComparisonSummary
{
    internal TargetProfileComparisonSummary(int? sampleSize, int? seed) => (SampleSize, Seed) = (sampleSize, seed);

    /// <summary>Rows read.</summary>
    public long Read { get; internal set; }

    /// <summary>Rows that break a rule, so that they are not sent and not compared.</summary>
    public long Rejected { get; internal set; }

    /// <summary>Rows with an id and no values: there is nothing to compare.</summary>
    public long Empty { get; internal set; }

    /// <summary>Rows that were compared as part of an earlier row of the same id.</summary>
    public long Merged { get; internal set; }

    /// <summary>Rows that were compared.</summary>
    public long Compared => Match + Different + Missing + NotYet;

    /// <summary>Rows whose profile holds every value.</summary>
    public long Match { get; private set; }

    /// <summary>Rows whose profile lacks a value or has another one.</summary>
    public long Different { get; private set; }

    /// <summary>Rows without a profile when the time was over.</summary>
    public long Missing { get; private set; }

    /// <summary>Rows without a profile before the time was over.</summary>
    public long NotYet { get; private set; }

    /// <summary>Rows whose profile could not be fetched.</summary>
    public long Failed { get; internal set; }

    /// <summary>Rows that the sample was to have; null if all were compared.</summary>
    public int? SampleSize { get; }

    /// <summary>What the sample was chosen by; null if all were compared.</summary>
    public int? Seed { get; }

    /// <summary>True if rows were compared, every one of them matches, and none could not be fetched.</summary>
    public bool IsMatch => Compared > 0 && Compared == Match && Failed == 0;

    /// <inheritdoc/>
    public override string ToString()
    {
        (long Count, string Word)[] counts =
        [
            (Match, "match"), (Different, "different"), (Missing, "missing"), (NotYet, "not there yet"),
        ];
        var parts = counts.Where(part => part.Count > 0).Select(part => FormattableString.Invariant($"{part.Count:N0} {part.Word}"));
        (long Count, string Text)[] others =
        [
            (Failed, "could not be fetched"), (Rejected, "rejected by a rule and not compared"), (Empty, "without values"), (Merged, Merged == 1 ? "merged into an earlier row of the same id" : "merged into earlier rows of the same id"),
        ];
        var rest = others.Where(other => other.Count > 0).Select(other => FormattableString.Invariant($" {other.Count:N0} {other.Text}."));
        var of = SampleSize is null ? "" : FormattableString.Invariant($", a sample of {Read:N0} with seed {Seed}");
        return $"{CountText.Of(Compared, "row")} compared{of}{(Compared == 0 ? "" : ": ")}{string.Join(", ", parts)}.{string.Concat(rest)}";
    }

    internal void Count(ComparisonOutcome outcome)
    {
        switch (outcome)
        {
            case ComparisonOutcome.Match:
                Match++;
                break;
            case ComparisonOutcome.Different:
                Different++;
                break;
            case ComparisonOutcome.Missing:
                Missing++;
                break;
            case ComparisonOutcome.NotYet:
                NotYet++;
                break;
        }
    }
}
