namespace TargetProfiles.Emulator;

/// <summary>What goes wrong on the wire. "Applies" says whether the request takes effect unless <see cref="WireFault.Applied"/> says otherwise.</summary>
public enum FaultKind
{
    /// <summary>A new connection is reset at once, before a byte is read. Counts connections, not requests; see <see cref="FaultTarget"/>.</summary>
    RefuseConnection,

    /// <summary>Reset after <see cref="WireFault.AfterBytes"/> body bytes were read. Does not apply.</summary>
    ResetAfterBytes,

    /// <summary>Stops reading after <see cref="WireFault.AfterBytes"/> body bytes, until the emulator stops. Does not apply.</summary>
    StallAfterBytes,

    /// <summary>Replies <see cref="WireFault.StatusCode"/> before the body is read, without 100, then closes. Does not apply.</summary>
    EarlyReply,

    /// <summary>Closes without a reply. Applies.</summary>
    ApplyAndClose,

    /// <summary>Replies <see cref="WireFault.StatusCode"/> after the body was read. Does not apply.</summary>
    ServerError,

    /// <summary>Half of the reply's body (or <see cref="WireFault.AfterBytes"/> of it), then closes. Applies.</summary>
    TruncatedReply,

    /// <summary>A reply of <see cref="WireFault.ReplyBytes"/> bytes. Applies.</summary>
    OversizedReply,

    /// <summary>A reply that does not end; <see cref="WireFault.Delay"/> is the pause between its pieces. Applies.</summary>
    EndlessReply,

    /// <summary>A reply with a header of <see cref="WireFault.ReplyBytes"/> bytes (default 1 MiB). Applies.</summary>
    OversizedHeader,

    /// <summary>A reply that is no XML. Applies.</summary>
    MalformedXml,

    /// <summary>XML whose entities expand to gigabytes. Applies.</summary>
    DtdBomb,

    /// <summary>A gzip-encoded reply that expands to <see cref="WireFault.ReplyBytes"/> bytes. Applies.</summary>
    GzipBomb,

    /// <summary>200 with a log-in page, as a captive portal or proxy sends it. Does not apply.</summary>
    HtmlReply,

    /// <summary>302 to <see cref="WireFault.Location"/>. Does not apply.</summary>
    Redirect,

    /// <summary>200 with success=false and <see cref="WireFault.Message"/>. Does not apply.</summary>
    SuccessFalse,

    /// <summary>Waits <see cref="WireFault.Delay"/> of real time, then replies. Applies, before the wait.</summary>
    DelayedReply,
}

/// <summary>
/// Which requests a fault meets. For <see cref="FaultKind.RefuseConnection"/>, which comes before any request,
/// <see cref="Status"/> means the edge listener, <see cref="Any"/> both, and the others the submit listener.
/// </summary>
public enum FaultTarget
{
    /// <summary>Every endpoint, except the emulator's own pages.</summary>
    Any,

    /// <summary>batchUpdate.</summary>
    Submit,

    /// <summary>batchStatus.</summary>
    Status,

    /// <summary>profile/update.</summary>
    Update,

    /// <summary>rest/v1/profiles.</summary>
    Fetch,

    /// <summary>The Admin API's token endpoint.</summary>
    Token,
}
