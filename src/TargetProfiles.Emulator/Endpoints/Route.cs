using TargetProfiles.Emulator.Http;
using TargetProfiles.Emulator.Page;

namespace TargetProfiles.Emulator.Endpoints;

/// <summary>Which endpoint a path names, for which client code.</summary>
internal sealed class Route
{
    public EndpointKind Kind { get; private init; }

    /// <summary>1 or 2 for batchUpdate.</summary>
    public int Version { get; private init; } = 1;

    /// <summary>The client code in the path; null where the path has none.</summary>
    public string? ClientCode { get; private init; }

    /// <summary>The rest: for fetch the id's type and the id, for the emulator's own pages their name.</summary>
    public string Name { get; private init; } = "";

    public string Id { get; private init; } = "";

    public static Route Of(string path)
    {
        // Split before decoding: an escaped slash belongs to an id.
        string[] parts = path.Split('/').Skip(1).Select(part => PercentText.Decode(part, plusIsSpace: false)).ToArray();
        if (Fits(parts, ""))
        {
            return new Route { Kind = EndpointKind.Page };
        }

        if (Fits(parts, "m2", "*", "profile", "batchUpdate"))
        {
            return new Route { Kind = EndpointKind.Submit, ClientCode = parts[1] };
        }

        if (Fits(parts, "m2", "*", "v2", "profile", "batchUpdate"))
        {
            return new Route { Kind = EndpointKind.Submit, Version = 2, ClientCode = parts[1] };
        }

        if (Fits(parts, "m2", "*", "profile", "batchStatus") || Fits(parts, "m2", "*", "v2", "profile", "batchStatus"))
        {
            return new Route { Kind = EndpointKind.Status, ClientCode = parts[1] };
        }

        if (Fits(parts, "m2", "*", "profile", "update"))
        {
            return new Route { Kind = EndpointKind.Update, ClientCode = parts[1] };
        }

        if (Fits(parts, "rest", "v1", "profiles", "thirdPartyId", "*") || Fits(parts, "rest", "v1", "profiles", "marketingCloudVisitorId", "*"))
        {
            return new Route { Kind = EndpointKind.Fetch, Name = parts[3], Id = parts[4] };
        }

        if (Fits(parts, "rest", "v1", "profiles", "*"))
        {
            return new Route { Kind = EndpointKind.Fetch, Name = "pcId", Id = parts[3] };
        }

        if (Fits(parts, "*", "target", "authentication", "token"))
        {
            return new Route { Kind = EndpointKind.Token, Id = parts[0] };
        }

        return parts.Length > 0 && parts[0] == "_emulator"
            ? new Route { Kind = EndpointKind.Emulator, Name = string.Join("/", parts.Skip(1)) }
            : new Route { Kind = EndpointKind.None };
    }

    /// <summary>Part of the live page, which asks every second: nothing that a log of the service's calls should hold.</summary>
    public bool IsOfLivePage => Kind == EndpointKind.Emulator && LivePage.Serves(Name);

    /// <summary>The methods the endpoint takes.</summary>
    public string Methods => Kind switch
    {
        EndpointKind.Submit => "POST",
        EndpointKind.Update or EndpointKind.Token => "GET, POST",
        EndpointKind.Emulator => Name is "profiles" or "requests" || (IsOfLivePage && Name != "switches") ? "GET" : "POST",
        _ => "GET",
    };

    private static bool Fits(string[] parts, params string[] pattern) =>
        parts.Length == pattern.Length
        && !parts.Where((part, at) => pattern[at] == "*" ? part.Length == 0 : part != pattern[at]).Any();
}
