namespace TargetProfiles.Emulator;

/// <summary>A fault to play. Set up before it is added; afterwards it is not looked at again for changes of count.</summary>
public sealed class WireFault
{
    /// <summary>What goes wrong.</summary>
    public FaultKind Kind { get; set; }

    /// <summary>Which requests it meets. Default any.</summary>
    public FaultTarget On { get; set; }

    /// <summary>How many requests it meets; 0 for ever. Default 1.</summary>
    public int Times { get; set; } = 1;

    /// <summary>How many matching requests pass first. Default 0.</summary>
    public int SkipFirst { get; set; }

    /// <summary>Chance of meeting a matching request, 0 to 1, by the emulator's seed. Default 1.</summary>
    public double Probability { get; set; } = 1.0;

    /// <summary>Body bytes to read (reset, stall) or reply bytes to send (truncated; 0 sends half). Default 0.</summary>
    public long AfterBytes { get; set; }

    /// <summary>Status of early replies and server errors. Default 503.</summary>
    public int StatusCode { get; set; } = 503;

    /// <summary><c>Retry-After</c> of such a reply, as sent: seconds or a date. Default none.</summary>
    public string? RetryAfter { get; set; }

    /// <summary>Real time to wait: before a delayed reply, or between the pieces of an endless one. Default none.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Size of an oversized reply, unpacked bomb or oversized header; 0 takes 300 MB, or 1 MiB for a header.</summary>
    public long ReplyBytes { get; set; }

    /// <summary>Where a redirect points. Default a host that does not exist.</summary>
    public string Location { get; set; } = "http://redirect.invalid/";

    /// <summary>The message of success=false.</summary>
    public string Message { get; set; } = "Unexpected Error";

    /// <summary>Whether the request takes effect all the same; null leaves it to the kind.</summary>
    public bool? Applied { get; set; }
}
