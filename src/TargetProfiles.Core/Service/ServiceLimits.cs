namespace TargetProfiles;

/// <summary>Limits of Adobe Target that this client keeps. Sources and doubts: docs/service-facts.md.</summary>
public static class ServiceLimits
{
    /// <summary>
    /// Bytes of a batch body, as sent; the body must stay below this. Documented as "less than 50 MB"; that MB means
    /// 1,000,000 bytes is inferred, being the smaller reading (fact 1.14).
    /// </summary>
    public const int MaxBatchBytes = 50_000_000;

    /// <summary>
    /// Rows of a batch. Documented as 500,000; one fewer because it is unknown whether the header counts (fact 1.14).
    /// </summary>
    public const int MaxBatchRows = 499_999;

    /// <summary>Characters of a thirdPartyId. Documented (fact 1.19).</summary>
    public const int MaxThirdPartyIdLength = 256;

    /// <summary>Characters of a pcId. Documented in the Delivery API's schema (fact 1.20).</summary>
    public const int MaxPcIdLength = 128;

    /// <summary>Characters of an attribute name. Documented (fact 1.23).</summary>
    public const int MaxAttributeNameLength = 128;

    /// <summary>
    /// Characters of an attribute value that Target's other interfaces keep. No number is documented for the Profile APIs,
    /// so longer values are sent, with a warning (fact 1.24).
    /// </summary>
    public const int UsualValueLength = 256;

    /// <summary>
    /// Bytes of external data that Target keeps for a visitor: 64 KB, documented (fact 1.22). A single row above it cannot fit.
    /// </summary>
    public const int MaxProfileBytes = 65_536;

    /// <summary>Bytes of a single update sent by POST: 60 KB, documented (fact 2.3).</summary>
    public const int MaxUpdatePostBytes = 61_440;

    /// <summary>Bytes of a single update sent by GET: 8 KB, documented (fact 2.3).</summary>
    public const int MaxUpdateGetBytes = 8_192;

    /// <summary>Statuses that the service keeps of a client's latest batches. Documented formerly, and taken to hold still (fact 2.2).</summary>
    public const int StatusesKept = 10;

    /// <summary>How long the service keeps the status of a batch. Documented formerly, and taken to hold still (fact 2.2).</summary>
    public static readonly TimeSpan StatusLifetime = TimeSpan.FromHours(24);

    /// <summary>Single updates of the whole account within 24 hours, documented (fact 2.3).</summary>
    public const int UpdatesPerDay = 1_000_000;

    /// <summary>Bulk calls a minute that Target allows the whole account, documented (fact 2.5).</summary>
    public const int AccountCallsPerMinute = 50;
}
