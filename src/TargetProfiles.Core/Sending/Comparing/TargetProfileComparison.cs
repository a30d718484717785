using TargetProfiles.Sending.Comparing;

namespace TargetProfiles;

/// <summary>A row held against the profile that Target has.</summary>
public sealed class TargetProfileComparison
{
    internal TargetProfileComparison(ExpectedProfile row, TargetProfile? profile, bool isFinal)
    {
        var different = row.Attributes
            .Where(expected => profile is null || !profile.Attributes.TryGetValue(expected.Key, out var found) || found != expected.Value)
            .ToDictionary(expected => expected.Key, expected => expected.Value, StringComparer.Ordinal);
        Outcome = profile is null
            ? isFinal ? ComparisonOutcome.Missing : ComparisonOutcome.NotYet
            : different.Count == 0 ? ComparisonOutcome.Match : ComparisonOutcome.Different;
        Source = row.Source;
        Row = row.Row;
        ThirdPartyId = row.IdType == ProfileIdType.ThirdPartyId ? row.Id : null;
        PcId = row.IdType == ProfileIdType.PcId ? row.Id : null;
        DifferentAttributes = [.. different.Keys.OrderBy(name => name, StringComparer.Ordinal)];
        Expected = different;
        Found = DifferentAttributes.Where(name => profile?.Attributes.ContainsKey(name) == true)
            .ToDictionary(name => name, name => profile!.Attributes[name], StringComparer.Ordinal);
        ModifiedAt = profile?.ModifiedAt;
        CheckedAt = DateTime.UtcNow;
    }

    /// <summary>What came of it.</summary>
    public ComparisonOutcome Outcome { get; }

    /// <summary>The file that the row stands in; null for a row of the pipeline.</summary>
    public string? Source { get; }

    /// <summary>Number of the row in its source, from 1.</summary>
    public long Row { get; }

    /// <summary>The customer's own id, if the row has one.</summary>
    public string? ThirdPartyId { get; }

    /// <summary>Target's own id, if the row has one.</summary>
    public string? PcId { get; }

    /// <summary>Names of the attributes that the profile lacks or has another value of; without a profile, of all in the row.</summary>
    public IReadOnlyList<string> DifferentAttributes { get; }

    /// <summary>The values of these attributes that were sent.</summary>
    public IDictionary<string, string> Expected { get; }

    /// <summary>The values of these attributes that the profile has; one that it lacks does not stand here.</summary>
    public IDictionary<string, string> Found { get; }

    /// <summary>When the profile last changed, in UTC; null if there is none, or Target does not say.</summary>
    public DateTime? ModifiedAt { get; }

    /// <summary>When the profile was fetched, in UTC.</summary>
    public DateTime CheckedAt { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{ThirdPartyId ?? PcId}: {Outcome}";
}
