using System.Globalization;

namespace TargetProfiles.Emulator.Http;

/// <summary>Request line and headers.</summary>
internal sealed class RequestHead
{
    private RequestHead(string method, string target, bool isHttp10, List<KeyValuePair<string, string>> headers)
    {
        Method = method;
        Target = target;
        IsHttp10 = isHttp10;
        Headers = headers;
        int question = target.IndexOf('?');
        Path = question < 0 ? target : target.Substring(0, question);
        Query = question < 0 ? "" : target.Substring(question + 1);
    }

    public string Method { get; }

    /// <summary>Path and query, raw.</summary>
    public string Target { get; }

    public string Path { get; }

    public string Query { get; }

    public bool IsHttp10 { get; }

    public List<KeyValuePair<string, string>> Headers { get; }

    public long ContentLength { get; private set; }

    public bool IsChunked { get; private set; }

    public bool HasBody => IsChunked || ContentLength > 0;

    public bool ExpectsContinue => !IsHttp10 && Has("Expect", "100-continue");

    public bool KeepAlive => IsHttp10 ? Has("Connection", "keep-alive") : !Has("Connection", "close");

    public string? ContentType => Header("Content-Type");

    public bool IsForm => ContentType is { } type
        && type.Split(';')[0].Trim().Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);

    public static RequestHead Parse(string text)
    {
        string[] lines = text.Split('\n');
        string[] first = lines[0].TrimEnd('\r').Split(' ');
        if (first.Length != 3 || first[0].Length == 0 || !first[0].All(IsTokenCharacter) || first[1].Length == 0)
        {
            throw new BadRequestException(400, "Malformed request line");
        }

        if (first[2] is not ("HTTP/1.1" or "HTTP/1.0"))
        {
            throw new BadRequestException(505, "HTTP/1.1 only");
        }

        var headers = new List<KeyValuePair<string, string>>();
        foreach (string raw in lines.Skip(1))
        {
            string line = raw.TrimEnd('\r');
            if (line.Length == 0)
            {
                continue;
            }

            int colon = line.IndexOf(':');
            if (colon <= 0 || !line.Take(colon).All(IsTokenCharacter) || line.IndexOfAny(['\r', '\0']) >= 0)
            {
                throw new BadRequestException(400, "Malformed header");
            }

            headers.Add(new(line.Substring(0, colon), line.Substring(colon + 1).Trim()));
        }

        var head = new RequestHead(first[0], OriginForm(first[1]), first[2] == "HTTP/1.0", headers);
        head.ReadFraming();
        return head;
    }

    public string? Header(string name)
    {
        foreach (KeyValuePair<string, string> header in Headers)
        {
            if (header.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return header.Value;
            }
        }

        return null;
    }

    /// <summary>The first value of a query parameter, decoded, or null.</summary>
    public string? QueryValue(string name)
    {
        foreach (KeyValuePair<string, string> pair in PercentText.Pairs(Query))
        {
            if (pair.Key == name)
            {
                return pair.Value;
            }
        }

        return null;
    }

    public bool Accepts(string mediaType) => Headers.Any(header =>
        header.Key.Equals("Accept", StringComparison.OrdinalIgnoreCase)
        && header.Value.IndexOf(mediaType, StringComparison.OrdinalIgnoreCase) >= 0);

    private static bool IsTokenCharacter(char value) =>
        value is > ' ' and < (char)127 && "()<>@,;:\\\"/[]?={}".IndexOf(value) < 0;

    // A client behind a proxy setting sends the whole URL.
    private static string OriginForm(string target)
    {
        int scheme = target.IndexOf("://", StringComparison.Ordinal);
        if (target[0] == '/' || scheme < 0)
        {
            return target;
        }

        int path = target.IndexOf('/', scheme + 3);
        return path < 0 ? "/" : target.Substring(path);
    }

    private bool Has(string name, string value) => Headers.Any(header =>
        header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)
        && header.Value.Split(',').Any(part => part.Trim().Equals(value, StringComparison.OrdinalIgnoreCase)));

    private void ReadFraming()
    {
        string[] lengths = Headers.Where(header => header.Key.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
            .Select(header => header.Value).Distinct().ToArray();
        string? transfer = Header("Transfer-Encoding");
        if (transfer is not null)
        {
            if (lengths.Length > 0 || !transfer.Equals("chunked", StringComparison.OrdinalIgnoreCase))
            {
                throw new BadRequestException(lengths.Length > 0 ? 400 : 501, "Unsupported transfer encoding");
            }

            IsChunked = true;
        }
        else if (lengths.Length > 0)
        {
            if (lengths.Length > 1 || !long.TryParse(lengths[0], NumberStyles.None, CultureInfo.InvariantCulture, out long length))
            {
                throw new BadRequestException(400, "Malformed Content-Length");
            }

            ContentLength = length;
        }
    }
}
