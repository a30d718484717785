using System.Globalization;
using System.Net;
using System.Security;

namespace TargetProfiles;

/// <summary>
/// A profile authentication token. The token itself is no property, so that nothing that shows, serializes or logs objects
/// can tell it: it goes into a connection, or comes out of <see cref="ToSecureString"/> for who asks.
/// </summary>
public sealed class TargetProfileToken
{
    private readonly SecureString _secret;

    internal TargetProfileToken(string tenant, string secret, DateTime receivedAt, TimeSpan? left)
    {
        Tenant = tenant;
        ReceivedAt = receivedAt;
        ExpiresAt = receivedAt + left;
        _secret = new NetworkCredential("", secret).SecurePassword;
    }

    /// <summary>The tenant whose token it is.</summary>
    public string Tenant { get; }

    /// <summary>When the Admin API told it, in UTC.</summary>
    public DateTime ReceivedAt { get; }

    /// <summary>When it expires, in UTC; null if the Admin API did not say.</summary>
    public DateTime? ExpiresAt { get; }

    /// <summary>The token itself, to be kept in a vault.</summary>
    public SecureString ToSecureString() => _secret.Copy();

    /// <inheritdoc/>
    public override string ToString() =>
        $"The profile authentication token of {Tenant}{(ExpiresAt is DateTime time ? $", which expires on {time.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC" : "")}";
}
