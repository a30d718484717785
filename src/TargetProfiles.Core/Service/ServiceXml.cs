using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace TargetProfiles.Service;

/// <summary>The service's XML replies, read leniently: older ones hold a raw <c>&amp;</c> in the status address (fact 2.1).</summary>
internal sealed class ServiceXml
{
    private const int MaxElements = 2_000_000;
    private const int MaxAmpersands = 2_000_000;

    private readonly XElement _root;

    private ServiceXml(XElement root) => _root = root;

    /// <summary>The root's name, which tells a reply from an error.</summary>
    public string RootName => _root.Name.LocalName;

    /// <summary>Parses; no DTD, no external parts.</summary>
    /// <returns>Null if the text is not XML.</returns>
    public static ServiceXml? TryParse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || HasTooManyAmpersands(text!))
            return null;
        var repaired = text!.IndexOf('&') < 0 ? text : Regex.Replace(text, "&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)", "&amp;", RegexOptions.CultureInvariant);
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = repaired.Length + 1,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
        };
        try
        {
            using var reader = XmlReader.Create(new StringReader(repaired.Trim('\uFEFF', ' ', '\r', '\n', '\t')), settings);
            return new ServiceXml(Read(reader));
        }
        catch (XmlException)
        {
            return null;
        }
    }

    /// <summary>The trimmed text of the first child of that name, or null.</summary>
    public string? Text(string name)
    {
        foreach (var child in _root.Elements())
        {
            if (string.Equals(child.Name.LocalName, name, StringComparison.OrdinalIgnoreCase))
                return child.Value.Trim();
        }

        return null;
    }

    public long? Number(string name) =>
        long.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The rows that a status lists, 0 to n (fact 2.2).</summary>
    public IEnumerable<(string Id, string Status)> Profiles()
    {
        foreach (var element in _root.Descendants())
        {
            if (element.Name.LocalName != "profile")
                continue;
            var row = new ServiceXml(element);
            yield return (row.Text("id") ?? "", row.Text("status") ?? "");
        }
    }

    // Each becomes five characters: a reply of nothing else would take gigabytes.
    private static bool HasTooManyAmpersands(string text)
    {
        var count = 0;
        foreach (var c in text)
        {
            if (c == '&')
                count++;
        }

        return count > MaxAmpersands;
    }

    // XElement.Load recurses by depth; a reply nested a million deep would end the process.
    private static XElement Read(XmlReader reader)
    {
        const int MaxDepth = 16;
        reader.MoveToContent();
        XElement? root = null;
        XElement? current = null;
        var elements = 0;
        do
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    if (reader.Depth > MaxDepth || ++elements > MaxElements)
                        throw new XmlException("too deep or too many elements");
                    var element = new XElement(XmlConvert.EncodeLocalName(reader.LocalName));
                    var isEmpty = reader.IsEmptyElement;
                    current?.Add(element);
                    root ??= element;
                    if (!isEmpty)
                        current = element;
                    break;
                case XmlNodeType.EndElement:
                    current = current?.Parent;
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA:
                    current?.Add(reader.Value);
                    break;
            }
        }
        while (reader.Read());
        return root ?? throw new XmlException("no element");
    }
}
