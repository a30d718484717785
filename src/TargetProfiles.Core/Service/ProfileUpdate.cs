using System.Text;
using TargetProfiles.Batches;
using TargetProfiles.Profiles;

namespace TargetProfiles;

/// <summary>How a single update travels.</summary>
public enum ProfileUpdateMethod
{
    /// <summary>A form body, up to 60 KB. That the service reads the form as it reads a query is inferred (fact 2.3).</summary>
    Post,

    /// <summary>A query, up to 8 KB. Values then stand in the logs of proxies.</summary>
    Get,
}

/// <summary>An update of one profile. The service never creates one this way, and does not tell whether it exists (fact 2.3).</summary>
public sealed class ProfileUpdate
{
    private ProfileUpdate(ProfileIdType idType, string id, int attributeCount, string form)
    {
        IdType = idType;
        Id = id;
        AttributeCount = attributeCount;
        Form = form;
    }

    /// <summary>Which id it is.</summary>
    public ProfileIdType IdType { get; }

    /// <summary>The visitor's id.</summary>
    public string Id { get; }

    /// <summary>Attributes that are sent; empty values are not.</summary>
    public int AttributeCount { get; }

    /// <summary>Bytes of the form.</summary>
    public int Length => Form.Length;

    /// <summary>The same id, to look the profile up by.</summary>
    /// <exception cref="ArgumentException">The id cannot stand in an address.</exception>
    internal ProfileKey Key => IdType == ProfileIdType.ThirdPartyId ? ProfileKey.ByThirdPartyId(Id) : ProfileKey.ByPcId(Id);

    /// <summary>The encoded form, ASCII.</summary>
    internal string Form { get; }

    /// <summary>Checks and encodes an update. Empty values are left out: the service ignores them (fact 1.28).</summary>
    /// <exception cref="ArgumentException">The id, a name or a value breaks a rule, or the update is too large.</exception>
    public static ProfileUpdate Create(ProfileIdType idType, string id, IEnumerable<KeyValuePair<string, string>> attributes, ProfileUpdateMethod method = ProfileUpdateMethod.Post) =>
        Create(idType, id, attributes, method, new RuleSet([]));

    internal static ProfileUpdate Create(ProfileIdType idType, string id, IEnumerable<KeyValuePair<string, string>> attributes, ProfileUpdateMethod method, RuleSet rules)
    {
        if (id is null)
            throw new ArgumentNullException(nameof(id));
        if (attributes is null)
            throw new ArgumentNullException(nameof(attributes));
        if (ProfileIdRules.Check(Encoding.UTF8.GetBytes(id), idType, rules) is RowRule idFault)
            throw new ArgumentException($"{idFault.Requirement} [{idFault.Id}]");

        var form = new StringBuilder(idType == ProfileIdType.ThirdPartyId ? "mbox3rdPartyId=" : "mboxPC=").Append(PercentEncoder.Encode(id));
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var attribute in attributes)
        {
            const string Prefix = "profile.";
            var name = attribute.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? attribute.Key.Substring(Prefix.Length) : attribute.Key;
            var value = Encoding.UTF8.GetBytes(attribute.Value ?? "");
            if (Utf8Text.IsBlank(value))
                continue;
            var fault = AttributeName.Check(name, rules) ?? (Utf8Text.IsDamaged(value) ? RowRule.TextDamaged : null) ?? (names.Add(name) ? null : RowRule.NameCollision);
            if (fault is not null)
                throw new ArgumentException($"Attribute '{Service.ReplyText.Shown(name)}': {fault.Requirement} [{fault.Id}]");
            form.Append("&profile.").Append(PercentEncoder.Encode(name)).Append('=').Append(PercentEncoder.Encode(attribute.Value!));
        }

        if (names.Count == 0)
            throw new ArgumentException("There is nothing to send: all values are empty, and the service ignores empty values.");
        var limit = method == ProfileUpdateMethod.Post ? ServiceLimits.MaxUpdatePostBytes : ServiceLimits.MaxUpdateGetBytes;
        if (form.Length > limit)
        {
            throw new ArgumentException(
                $"The update is {form.Length:N0} bytes, and Target takes {limit:N0} by {(method == ProfileUpdateMethod.Post ? "POST" : "GET")}. Send fewer attributes at a time{(method == ProfileUpdateMethod.Get ? ", or use POST" : "")}.");
        }

        return new ProfileUpdate(idType, id, names.Count, form.ToString());
    }
}
