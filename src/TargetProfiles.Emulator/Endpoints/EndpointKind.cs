namespace TargetProfiles.Emulator.Endpoints;

/// <summary>What a path asks for.</summary>
internal enum EndpointKind
{
    None,
    Page,
    Submit,
    Status,
    Update,
    Fetch,
    Token,
    Emulator,
}
