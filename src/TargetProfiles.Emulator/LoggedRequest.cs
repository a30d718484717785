namespace TargetProfiles.Emulator;

/// <summary>One request as the emulator saw it. It is logged just before the reply goes out or the connection is cut.</summary>
public sealed class LoggedRequest
{
    internal LoggedRequest()
    {
    }

    /// <summary>Counts from 1, by arrival of the headers.</summary>
    public required long Number { get; init; }

    /// <summary>When the headers had arrived, by the emulator's clock.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary><c>submit</c> or <c>edge</c>.</summary>
    public required string Listener { get; init; }

    /// <summary>The method; empty where the connection was refused, or what came was no request.</summary>
    public required string Method { get; init; }

    /// <summary>Path and query as sent.</summary>
    public required string Target { get; init; }

    /// <summary>The headers; of Authorization only the scheme, of <c>access_token</c> and <c>X-Api-Key</c> nothing.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>Body bytes read.</summary>
    public required long BodyLength { get; init; }

    /// <summary>SHA-256 of the body in lower-case hex; null if the body was not read whole.</summary>
    public required string? BodySha256 { get; init; }

    /// <summary>The Content-Type header.</summary>
    public required string? ContentType { get; init; }

    /// <summary>The status replied; 0 if the connection was closed without a reply.</summary>
    public required int StatusCode { get; init; }

    /// <summary>Whether the request took effect (a batch queued, an update accepted).</summary>
    public required bool Applied { get; init; }

    /// <summary>The fault played on it, or null.</summary>
    public required string? Fault { get; init; }

    /// <summary>The named header's value, in any case, or null.</summary>
    /// <param name="name">The header.</param>
    public string? Header(string name)
    {
        foreach (KeyValuePair<string, string> header in Headers)
        {
            if (string.Equals(header.Key, name, StringComparison.OrdinalIgnoreCase))
            {
                return header.Value;
            }
        }

        return null;
    }
}
