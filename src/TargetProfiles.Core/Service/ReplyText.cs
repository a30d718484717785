using System.Text;

namespace TargetProfiles.Service;

/// <summary>Text from outside, made fit to be shown: one line, no control characters, not endless.</summary>
internal static class ReplyText
{
    private const int LongestShown = 300;

    public static string Shown(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return "";
        var shown = new StringBuilder();
        var blank = false;
        foreach (var c in text!)
        {
            if (shown.Length == LongestShown)
                return shown.Append("...").ToString();
            if (char.IsControl(c) || char.IsWhiteSpace(c))
            {
                blank = shown.Length > 0;
                continue;
            }

            if (blank)
                shown.Append(' ');
            blank = false;
            shown.Append(c);
        }

        return shown.ToString();
    }
}
