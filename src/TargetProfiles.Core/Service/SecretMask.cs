using System.Text;
using System.Text.RegularExpressions;

namespace TargetProfiles.Service;

/// <summary>
/// Takes a secret out of a text from outside, should a server or a proxy have echoed it: in clear, percent-encoded, or within
/// Base64. A host name comes back in lower case.
/// </summary>
internal sealed class SecretMask
{
    /// <summary>Shorter stretches of Base64 stand in innocent texts too.</summary>
    private const int ShortestBase64 = 8;

    private readonly Regex _forms;

    public SecretMask(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        var forms = new[] { string.Concat(bytes.Select(PlainOrEncoded)) }
            .Concat(Enumerable.Range(0, 3).Select(offset => WithinBase64(bytes, offset)).Where(form => form.Length >= ShortestBase64).Select(Base64Form));
        _forms = new Regex(string.Join("|", forms), RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
    }

    public string Apply(string text) => _forms.Replace(text, "***");

    private static string PlainOrEncoded(byte value) => $"(?:{Regex.Escape(((char)value).ToString())}|%{value:x2})";

    /// <summary>What the secret alone decides of its Base64, if it begins that many bytes behind the start of a group of three.</summary>
    private static string WithinBase64(byte[] secret, int offset)
    {
        var text = Convert.ToBase64String([.. new byte[offset], .. secret]);
        var start = ((offset * 8) + 5) / 6;
        var end = (offset + secret.Length) * 8 / 6;
        return end > start ? text.Substring(start, end - start) : "";
    }

    private static string Base64Form(string text) => Regex.Escape(text).Replace("\\+", "[+-]").Replace("/", "[/_]");
}
