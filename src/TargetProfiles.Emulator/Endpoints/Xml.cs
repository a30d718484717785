using System.Text;

namespace TargetProfiles.Emulator.Endpoints;

/// <summary>Text inside the service's XML replies.</summary>
internal static class Xml
{
    public const string ContentType = "text/xml;charset=UTF-8";

    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (char value in text)
        {
            switch (value)
            {
                case '&':
                    escaped.Append("&amp;");
                    break;
                case '<':
                    escaped.Append("&lt;");
                    break;
                case '>':
                    escaped.Append("&gt;");
                    break;
                default:
                    // XML 1.0 cannot hold other control characters at all.
                    escaped.Append(value < ' ' && value is not ('\t' or '\n' or '\r') ? '\uFFFD' : value);
                    break;
            }
        }

        return escaped.ToString();
    }
}
