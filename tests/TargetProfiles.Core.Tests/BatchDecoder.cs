using System.Text;
using TargetProfiles.Batches;

namespace TargetProfiles.Core.Tests;

/// <summary>Reads a batch body back, by the format's description alone; shares nothing with the code that writes it.</summary>
internal sealed record DecodedBatch(string IdName, IReadOnlyList<string> Names, IReadOnlyList<DecodedRow> Rows, int Length)
{
    public static DecodedBatch Of(SealedBatch batch)
    {
        var bytes = new List<byte>();
        foreach (var segment in batch.Segments())
            bytes.AddRange(segment);
        return Of([.. bytes]);
    }

    public static DecodedBatch Of(byte[] body)
    {
        Assert.True(body.All(b => b is >= 0x21 and <= 0x7E or (byte)'\n'), "only visible ASCII and LF");
        var text = Encoding.ASCII.GetString(body);
        Assert.StartsWith("batch=", text);
        Assert.EndsWith("\n", text);
        var lines = text["batch=".Length..^1].Split('\n');
        var header = lines[0].Split(',').Select(PercentDecode).ToArray();
        var rows = lines.Skip(1).Select(line => line.Split(',').Select(PercentDecode).ToArray()).Select(fields =>
        {
            Assert.True(fields.Length <= header.Length, "no row is longer than the header");
            var values = new Dictionary<string, string>();
            for (var i = 1; i < fields.Length; i++)
            {
                if (fields[i].Length > 0)
                    values.Add(header[i], fields[i]);
            }

            return new DecodedRow(fields[0], values);
        });
        return new DecodedBatch(header[0], header[1..], rows.ToArray(), body.Length);
    }

    public static string PercentDecode(string text)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < text.Length; i++)
        {
            Assert.DoesNotContain(text[i], "+&=\"");
            if (text[i] == '%')
            {
                bytes.Add(Convert.ToByte(text.Substring(i + 1, 2), 16));
                i += 2;
            }
            else
            {
                bytes.Add((byte)text[i]);
            }
        }

        return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString([.. bytes]);
    }
}

internal sealed record DecodedRow(string Id, IReadOnlyDictionary<string, string> Values)
{
    public bool Is(string id, IEnumerable<KeyValuePair<string, string>> values) =>
        Id == id && Values.OrderBy(p => p.Key, StringComparer.Ordinal).SequenceEqual(values.OrderBy(p => p.Key, StringComparer.Ordinal));
}
