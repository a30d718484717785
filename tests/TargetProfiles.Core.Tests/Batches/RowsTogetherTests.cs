using System.Globalization;
using System.Text;
using TargetProfiles.Batches;
using TargetProfiles.Rows;

namespace TargetProfiles.Core.Tests;

/// <summary>Records that are encoded many at once, against the same records one by one.</summary>
public sealed class RowsTogetherTests
{
    private static readonly string[] Usual = ["x", "gold", "0", "123", "325.47", "2026-01-10", "a-b.c_~", "tea & coffee", "São Paulo", "日本", "ok to mail", "", ""];

    private static readonly string[] Unusual =
    [
        " ", "\"q\"", "\"q,\r\nq\"", "\u00A0", "\u3000", "\uFFFD", "a,b", "1,5", "x@example.com", "+49 30 1234567", "4111111111111111", "\t", "\n", "\r", ",", ",,", "\"open",
        new string('v', 300), new string('w', 20_000),
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10)]
    public void Same_batches_come_of_rows_together_and_one_by_one(int percentUnusual)
    {
        var together = 0L;
        for (var seed = 0; seed < 150; seed++)
        {
            var random = new Random((percentUnusual * 1000) + seed);
            var text = Text(random, random.Next(400), percentUnusual, random.Next(3) > 0 ? "," : ";");
            var limits = new BatchLimits(rows: 1 + random.Next(200), bytes: 300 + random.Next(40_000));
            var most = random.Next(2) > 0 ? int.MaxValue : 1 + random.Next(500);
            var alone = Encode(text, limits, most, random.Next(), atMost: 0);
            var many = Encode(text, limits, most, random.Next(), atMost: 1 + random.Next(100));
            Assert.True(alone.Told.SequenceEqual(many.Told), $"seed {seed}: {Encoding.UTF8.GetString(text)}");
            together += many.Together;
        }

        // Otherwise nothing was shown.
        Assert.True(together > 1000);
    }

    private static (List<string> Told, long Together) Encode(byte[] text, BatchLimits limits, int most, int seed, int atMost)
    {
        var told = new List<string>();
        var map = new ColumnMap(new RowMapping(), told.Add);
        using var builder = new BatchBuilder(limits, map.AttributeNames);
        var encoder = new RowEncoder(map, builder);
        using var reader = new CsvReader(new UnevenStream(text, most, new Random(seed)), "test.csv", new CsvOptions { Delimiter = text[12] == ';' ? ';' : ',' }, isMarked: true);
        var columns = CsvColumns.Of(reader.Header, map, "test.csv");
        var together = 0L;
        while (true)
        {
            var before = reader.RowNumber;
            if (atMost > 0 && encoder.AddRows(reader, columns, atMost, before + 1, mayPass: null) is int rows && rows > 0)
            {
                Assert.Equal(before + rows, reader.RowNumber);
                together += rows;
                continue;
            }

            if (!reader.Read())
                break;
            encoder.Begin();
            if (reader.Fault is not null)
                encoder.Reject(reader.Fault);
            else
                encoder.AddRecord(reader, columns);
            var result = encoder.End(reader.RowNumber, out var full);
            Tell(full);
            if (result != RowResult.Added || encoder.Warnings.Count > 0)
                told.Add($"{reader.RowNumber} {reader.LineNumber} {reader.RecordOffset} {result} {encoder.Fault?.Id} {encoder.FaultColumn} {string.Join(' ', encoder.Warnings)}");
        }

        Tell(builder.Seal());
        told.Add($"{reader.MarkEnd()}");
        return (told, together);

        void Tell(SealedBatch? batch)
        {
            if (batch is null)
                return;
            batch.RequireItsRows();
            told.Add($"{batch.FirstRow} {batch.LastRow} {batch.RowCount} {batch.Sha256}");
            batch.Dispose();
        }
    }

    private static byte[] Text(Random random, int rows, int percentUnusual, string delimiter)
    {
        var newLine = random.Next(2) == 0 ? "\n" : "\r\n";
        var columns = 1 + random.Next(12);
        var text = new StringBuilder("thirdPartyId");
        for (var column = 1; column <= columns; column++)
            text.Append(delimiter).Append('a').Append(column);
        text.Append(newLine);
        for (var row = 0; row < rows; row++)
        {
            text.Append(random.Next(50) == 0 ? "" : "LM-" + random.Next(1_000_000).ToString(CultureInfo.InvariantCulture));
            for (var column = 0; column < columns; column++)
                text.Append(delimiter).Append(random.Next(1000) < percentUnusual * 2 ? Unusual[random.Next(Unusual.Length)] : Usual[random.Next(Usual.Length)]);
            if (row + 1 < rows || random.Next(2) > 0)
                text.Append(random.Next(40) == 0 ? "\r" : newLine);
        }

        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        if (percentUnusual > 0 && bytes.Length > 100 && random.Next(4) == 0)
            bytes[random.Next(80, bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }
}
