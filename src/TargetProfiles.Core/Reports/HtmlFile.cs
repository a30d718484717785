using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace TargetProfiles.Reports;

/// <summary>Writes a page as HTML that needs nothing else: no script, no network, its style inside.</summary>
internal static class HtmlFile
{
    private static readonly HashSet<string> Void = ["meta", "link", "br", "hr", "img", "rect", "line", "path", "circle", "polygon"];
    private static readonly HashSet<string> OnLinesOfTheirOwn = ["head", "body", "header", "main", "nav", "section", "footer", "h1", "h2", "p", "li", "tr", "table", "svg", "meta", "title", "style", "rect", "circle", "polygon"];

    public static void Write(Stream stream, string title, string style, XElement body)
    {
        var page = Html.Element(
            "html",
            Html.Attribute("lang", "en"),
            Html.Element(
                "head",
                Html.Element("meta", Html.Attribute("charset", "utf-8")),
                Html.Element("meta", Html.Attribute("http-equiv", "Content-Security-Policy"), Html.Attribute("content", PolicyOf(style))),
                Html.Element("meta", Html.Attribute("name", "viewport"), Html.Attribute("content", "width=device-width, initial-scale=1")),
                Html.Element("meta", Html.Attribute("name", "color-scheme"), Html.Attribute("content", "light dark")),
                Html.Element("meta", Html.Attribute("name", "referrer"), Html.Attribute("content", "no-referrer")),
                Html.Element("title", title),
                Html.Element("style", style)),
            body);
        MakeFitForHtml(page);
        var settings = new XmlWriterSettings { Encoding = new UTF8Encoding(false), OmitXmlDeclaration = true, NewLineHandling = NewLineHandling.None };
        using var writer = XmlWriter.Create(stream, settings);
        new XDocument(new XDocumentType("html", null, null, null), page).Save(writer);
    }

    // Only this very style may be used; there is no text that could become one, or a script.
    private static string PolicyOf(string style)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(Encoding.UTF8.GetBytes(style));
        return $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(sha.GetHashAndReset())}'; base-uri 'none'; form-action 'none'";
    }

    private static void MakeFitForHtml(XElement page)
    {
        foreach (var element in page.DescendantsAndSelf().ToList())
        {
            foreach (var text in element.Nodes().OfType<XText>())
                text.Value = Writable(text.Value);
            foreach (var attribute in element.Attributes())
                attribute.Value = Writable(attribute.Value);
            var name = element.Name.LocalName;
            // HTML knows no element that closes itself, but for those that are always empty.
            if (element.IsEmpty && !Void.Contains(name))
                element.Value = "";
            if (OnLinesOfTheirOwn.Contains(name))
                element.AddBeforeSelf(new XText("\n"));
        }
    }

    /// <summary>Text without what XML cannot hold: control characters and halves of a character.</summary>
    private static string Writable(string text)
    {
        var written = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i]))
                written.Append(text[i]).Append(text[++i]);
            else
                written.Append(XmlConvert.IsXmlChar(text[i]) ? text[i] : '\uFFFD');
        }

        return written.ToString();
    }
}
