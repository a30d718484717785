using System.Text;
using TargetProfiles.Rows;

namespace TargetProfiles.Core.Tests;

/// <summary>The reader, which looks at many bytes at a time, against one that looks at each.</summary>
public sealed class CsvScanTests
{
    private static readonly string[] Header = ["a", "b", "c"];

    private static readonly string[] Usual = ["x", "yz", "0", "12345", "a-b.c_~", "Berlin", "a longer text of more than sixteen bytes", "ü", "日本", "\0", "+", "%"];

    private static readonly string[] Unusual = [" ", "\t", "  ", "\"", "\"\"", "\"q\"", "\"q,\r\nq\"", "\r", "\n", "\r\n", "\n\n", "\u00A0", "\uFFFD"];

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(30)]
    public void Any_bytes_read_as_the_reference_reads_them_at_any_buffer_boundary(int percentUnusual)
    {
        for (var seed = 0; seed < 1000; seed++)
        {
            var random = new Random((percentUnusual * 10_000) + seed);
            var delimiter = ",,,,;\t| -b"[random.Next(10)];
            var bytes = Text(random, delimiter, random.Next(300), percentUnusual);
            var expected = ReferenceCsv.Records(bytes, delimiter, Header.Length);
            foreach (var most in new[] { int.MaxValue, 1 + random.Next(100), 1 })
            {
                using var reader = new CsvReader(new UnevenStream(bytes, most, random), "test.csv", new CsvOptions { Delimiter = delimiter, Header = Header });
                Assert.True(Same(expected, Read(reader)), $"seed {seed}, delimiter '{delimiter}', reads of {most}: {Encoding.Latin1.GetString(bytes)}");
            }
        }
    }

    [Fact]
    public void Text_of_many_buffers_reads_as_the_reference_reads_it()
    {
        for (var seed = 0; seed < 4; seed++)
        {
            var random = new Random(seed);
            var bytes = Text(random, ',', 200_000, seed);
            var expected = ReferenceCsv.Records(bytes, ',', Header.Length);
            using var reader = new CsvReader(new UnevenStream(bytes, 300_000, random), "test.csv", new CsvOptions { Delimiter = ',', Header = Header });
            Assert.True(Same(expected, Read(reader)), $"seed {seed}");
        }
    }

    private static byte[] Text(Random random, char delimiter, int parts, int percentUnusual)
    {
        var text = new StringBuilder("first\n");
        var newLine = random.Next(2) == 0 ? "\n" : "\r\n";
        for (var i = 0; i < parts; i++)
        {
            if (random.Next(100) < percentUnusual)
                text.Append(Unusual[random.Next(Unusual.Length)]);
            else if (random.Next(8) > 0)
                text.Append(Usual[random.Next(Usual.Length)]);
            text.Append(random.Next(3) > 0 ? delimiter.ToString() : random.Next(2) > 0 ? newLine : "");
        }

        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        if (percentUnusual > 0 && random.Next(3) == 0)
            bytes[random.Next(6, bytes.Length + 1) - 1] = (byte)random.Next(256);
        return bytes;
    }

    private static List<CsvRecord> Read(CsvReader reader)
    {
        var records = new List<CsvRecord>();
        while (reader.Read())
        {
            var fields = new string[reader.Fault is null ? reader.FieldCount : 0];
            for (var i = 0; i < fields.Length; i++)
                fields[i] = Encoding.Latin1.GetString(reader.Field(i));
            records.Add(new CsvRecord(reader.RowNumber, reader.LineNumber, fields, reader.Fault?.Id, reader.Fault is null ? 0 : reader.FaultColumn));
        }

        return records;
    }

    private static bool Same(List<CsvRecord> expected, List<CsvRecord> actual) => expected.Count == actual.Count && expected.Zip(actual).All(pair =>
        pair.First.Fields.SequenceEqual(pair.Second.Fields) && pair.First == pair.Second with { Fields = pair.First.Fields });
}
