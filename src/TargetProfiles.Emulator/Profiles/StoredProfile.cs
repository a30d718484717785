namespace TargetProfiles.Emulator.Profiles;

/// <summary>A profile in the store. A generated pcId is not kept: it follows from the number.</summary>
internal sealed class StoredProfile(int number)
{
    public int Number { get; } = number;

    public string? PcId { get; set; }

    public string? ThirdPartyId { get; set; }

    public string? Ecid { get; set; }

    public AttributeLayer? Layers { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ModifiedAt { get; set; }

    public bool Gone { get; set; }
}
