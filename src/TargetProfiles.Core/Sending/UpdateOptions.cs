namespace TargetProfiles.Sending;

/// <summary>How profiles are updated one by one.</summary>
public sealed class UpdateOptions
{
    /// <summary>How an update travels.</summary>
    public ProfileUpdateMethod Method { get; init; } = ProfileUpdateMethod.Post;

    /// <summary>Look for the profile first, and send nothing if there is none.</summary>
    public bool Verify { get; init; }

    /// <summary>Updates under way at a time.</summary>
    public int ThrottleLimit { get; init; } = 4;
}
