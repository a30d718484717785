using System.Globalization;
using System.Text;

namespace TargetProfiles.Emulator.Endpoints;

/// <summary>JSON strings, written here rather than by the library that clients read them with.</summary>
internal static class Json
{
    public const string ContentType = "application/json;charset=UTF-8";

    public static string Text(string? value)
    {
        if (value is null)
        {
            return "null";
        }

        var text = new StringBuilder(value.Length + 2).Append('"');
        foreach (char part in value)
        {
            switch (part)
            {
                case '"':
                    text.Append("\\\"");
                    break;
                case '\\':
                    text.Append("\\\\");
                    break;
                case < ' ' or '\u007F' or '\u2028' or '\u2029':
                case >= '\uD800' and <= '\uDFFF':
                    // Surrogates are escaped, so that a lone one survives as well.
                    text.Append("\\u").Append(((int)part).ToString("x4", CultureInfo.InvariantCulture));
                    break;
                default:
                    text.Append(part);
                    break;
            }
        }

        return text.Append('"').ToString();
    }
}
