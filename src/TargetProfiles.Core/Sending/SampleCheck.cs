using TargetProfiles.Rows;

namespace TargetProfiles.Sending;

/// <summary>A sampled row held against the profile that Target has.</summary>
/// <param name="Row">The row as it was read.</param>
/// <param name="Profile">The profile; null if there is none.</param>
/// <param name="DifferentAttributes">Attributes that are missing or have another value. Further ones are older, and fine.</param>
public sealed record SampleComparison(SampledRow Row, TargetProfile? Profile, IReadOnlyList<string> DifferentAttributes)
{
    /// <summary>True if the profile is there and holds every value of the row.</summary>
    public bool IsMatch => Profile is not null && DifferentAttributes.Count == 0;
}

/// <summary>Fetches the profiles of sampled rows and compares them value by value.</summary>
public static class SampleCheck
{
    /// <summary>Compares one row.</summary>
    /// <exception cref="TargetServiceException">The fetch failed for another reason than that there is no profile.</exception>
    public static async Task<SampleComparison> CompareAsync(SampledRow row, ServiceCalls calls, CancellationToken cancellation)
    {
        if (row is null)
            throw new ArgumentNullException(nameof(row));
        if (calls is null)
            throw new ArgumentNullException(nameof(calls));
        var key = row.IdType == ProfileIdType.ThirdPartyId ? ProfileKey.ByThirdPartyId(row.Id) : ProfileKey.ByPcId(row.Id);
        try
        {
            var profile = await calls.GetProfileAsync(key, cancellation).ConfigureAwait(false);
            var different = row.Attributes
                .Where(expected => !profile.Attributes.TryGetValue(expected.Key, out var found) || found != expected.Value)
                .Select(expected => expected.Key);
            return new SampleComparison(row, profile, [.. different]);
        }
        catch (TargetServiceException e) when (e.Kind == ServiceFailureKind.ProfileNotFound)
        {
            return new SampleComparison(row, null, [.. row.Attributes.Keys]);
        }
    }
}
