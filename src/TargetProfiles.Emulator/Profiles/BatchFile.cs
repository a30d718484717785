using System.Text;
using TargetProfiles.Emulator.Http;

namespace TargetProfiles.Emulator.Profiles;

/// <summary>The batch file as received: its header is read at once, its rows when it is processed.</summary>
internal sealed class BatchFile
{
    private static readonly byte[] Parameter = [(byte)'b', (byte)'a', (byte)'t', (byte)'c', (byte)'h', (byte)'='];

    private BatchFile(byte[] bytes, int rowsStart, string idType, string[] names, int rows, EmulatorOptions options, bool decoded)
    {
        Bytes = bytes;
        RowsStart = rowsStart;
        IdType = idType;
        Names = names;
        Rows = rows;
        DecodeFields = !decoded;
        PlusIsSpace = options.PlusIsSpace;
        TolerateCarriageReturn = options.TolerateCarriageReturn;
    }

    public byte[] Bytes { get; }

    public int RowsStart { get; }

    /// <summary><c>pcId</c> or <c>thirdPartyId</c>: the first header.</summary>
    public string IdType { get; }

    /// <summary>The attribute names: the headers behind the first.</summary>
    public string[] Names { get; }

    public int Rows { get; }

    public bool DecodeFields { get; }

    public bool PlusIsSpace { get; }

    public bool TolerateCarriageReturn { get; }

    /// <summary>Reads the parameter and the header row; on failure says why in the service's (inferred) words.</summary>
    public static BatchFile? Read(byte[] body, EmulatorOptions options, out string problem)
    {
        problem = "";
        if (!body.AsSpan().StartsWith(Parameter) || body.Length == Parameter.Length)
        {
            problem = "Batch is empty";
            return null;
        }

        byte[] bytes = body;
        int start = Parameter.Length;
        bool decoded = options.DecodeBeforeSplit;
        if (decoded)
        {
            int ampersand = body.AsSpan().IndexOf((byte)'&');
            int end = ampersand < 0 ? body.Length : ampersand;
            bytes = PercentText.DecodeBytes(body, start, end - start, options.PlusIsSpace);
            start = 0;
        }

        int lineEnd = LineEnd(bytes, start, options.TolerateCarriageReturn, out int next);
        string[] headers = Encoding.UTF8.GetString(bytes, start, lineEnd - start).Split(',');
        if (!decoded)
        {
            headers = Array.ConvertAll(headers, header => PercentText.Decode(header, options.PlusIsSpace));
        }

        if (headers[0] is not ("pcId" or "thirdPartyId"))
        {
            problem = "Invalid batch: the first column must be pcId or thirdPartyId";
            return null;
        }

        int rows = CountRows(bytes, next);
        if (rows == 0)
        {
            problem = "Batch is empty";
            return null;
        }

        return new BatchFile(bytes, next, headers[0], headers.Skip(1).ToArray(), rows, options, decoded);
    }

    /// <summary>Where the line at <paramref name="start"/> ends, and where the next begins.</summary>
    public static int LineEnd(byte[] bytes, int start, bool tolerateCarriageReturn, out int next)
    {
        int feed = bytes.AsSpan(start).IndexOf((byte)'\n');
        int end = feed < 0 ? bytes.Length : start + feed;
        next = feed < 0 ? bytes.Length : end + 1;
        return tolerateCarriageReturn && end > start && bytes[end - 1] == '\r' ? end - 1 : end;
    }

    private static int CountRows(byte[] bytes, int start)
    {
        int rows = 0;
        while (start < bytes.Length)
        {
            int end = LineEnd(bytes, start, tolerateCarriageReturn: true, out int next);
            if (end > start)
            {
                rows++;
            }

            start = next;
        }

        return rows;
    }
}
