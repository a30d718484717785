using System.Text;
using TargetProfiles.Batches;
using TargetProfiles.Profiles;
using TargetProfiles.Rows;

namespace TargetProfiles.Core.Tests;

/// <summary>A record added as a whole comes to the same as its fields added one by one.</summary>
public sealed class RecordTests
{
    private static readonly string[] Ids =
    [
        "LM-0000001", "1", "12345678", "1234567890", "00123456", "12345678901", "4111111111111111", "1.2E-5", "1E5", "total", "sum", "u1", "Null", "nan", "tea", "a@b.de", "+49301234567",
        "a b", "ü1", "a+b", "a/b", "12345678901234567890123456789012345678", "x-very-long-id-that-is-longer-than-forty-bytes-and-than-a-block-of-sixty-four", "1.28_20", "-1", "~", "\uFFFD", "\u00A0", "", "id\u0001",
    ];

    private static readonly string[] Values =
    [
        "", "", "", "silver", "gold", "1", "12", "3.25", "-3.5", ".5", "5.", "1.2.3", "123456789", "123456789.5", "-", "1,5", "a,b", "tea & coffee", "São Paulo", "日本語のテキスト", "Grüße", "ok to mail",
        "a@b.de", "user@example.com", "+49 30 1234567", "+4930123456789", "0049-30-1234567", "00123456789", "4111111111111111", "4111-1111-1111-1111", "2026-01-10", "2026-01-10T12:00:00", "\u00A0", "\u3000\u3000",
        "\u000B", "\u000Bx", "\u00A0x", "\u007F", "\u0001", "\uFFFD", "NULL", "x%20y", "~._-", "\0", "true",
    ];

    private static readonly RowMapping[] Mappings =
    [
        new(), new(), new() { ExcludedProperties = ["b"] }, new() { NullTexts = ["NULL", "1", "u1"] }, new() { HashedProperties = ["c"] }, new() { IdProperty = "c" },
        new() { ExcludedRules = ["value.comma", "value.decimal-comma", "value.personal-data", "id.personal-data", "id.placeholder", "id.ecid"] },
    ];

    [Fact]
    public void Record_as_a_whole_comes_to_the_same_as_its_fields()
    {
        var warnings = 0;
        var rejected = 0;
        for (var seed = 0; seed < 600; seed++)
        {
            var random = new Random(seed);
            var mapping = Mappings[random.Next(Mappings.Length)];
            var delimiter = ",,,;\t"[random.Next(5)];
            var bytes = Text(random, delimiter, mapping.IdProperty ?? "thirdPartyId");
            var options = new CsvOptions { Delimiter = delimiter };
            Assert.True(Told(bytes, mapping, options, byRecord: false) is var expected && Told(bytes, mapping, options, byRecord: true) is var actual && expected.SequenceEqual(actual), $"seed {seed}");
            warnings += Told(bytes, mapping, options, byRecord: true).Count(told => told.Contains("value.", StringComparison.Ordinal));
            rejected += Told(bytes, mapping, options, byRecord: true).Count(told => told.Contains("Rejected", StringComparison.Ordinal));
        }

        Assert.True(warnings > 500 && rejected > 500, $"{warnings} warnings, {rejected} rejected: the rows do not try enough");
    }

    [Fact]
    public void Nothing_is_allocated_for_a_row()
    {
        using var reader = new CsvReader(new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 20_000).Select(i => i == 0 ? "thirdPartyId,a,b,c\n" : $"u{i},São Paulo,{i}.5,tea & coffee\n")))), "test.csv", new CsvOptions());
        var map = new ColumnMap(new RowMapping(), _ => { });
        using var builder = new BatchBuilder(new BatchLimits(), map.AttributeNames);
        var encoder = new RowEncoder(map, builder);
        var columns = CsvColumns.Of(reader.Header, map, "test.csv");
        var allocated = 0L;
        for (var row = 1; reader.Read(); row++)
        {
            if (row == 10_000)
                allocated = GC.GetAllocatedBytesForCurrentThread();
            encoder.Begin();
            encoder.AddRecord(reader, columns);
            Assert.True(encoder.End(row, out _) == RowResult.Added);
        }

        // A segment of the batch now and then, and the reader's buffers.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 3_000_000);
    }

    private static List<string> Told(byte[] bytes, RowMapping mapping, CsvOptions options, bool byRecord)
    {
        using var reader = new CsvReader(new MemoryStream(bytes), "test.csv", options);
        var map = new ColumnMap(mapping, _ => { });
        using var builder = new BatchBuilder(new BatchLimits(rows: 7), map.AttributeNames);
        var encoder = new RowEncoder(map, builder);
        var columns = CsvColumns.Of(reader.Header, map, "test.csv");
        var told = new List<string>();
        for (var row = 1; reader.Read(); row++)
        {
            encoder.Begin();
            if (reader.Fault is RowRule fault)
                encoder.Reject(fault);
            else if (byRecord)
                encoder.AddRecord(reader, columns);
            else
                AddFields(encoder, reader, columns);
            var id = encoder.Judge() == RowResult.Added ? Encoding.UTF8.GetString(encoder.Id.ToArray()) : "";
            var result = encoder.End(row, out var full);
            told.Add($"{row} {result} {id} {encoder.Fault} {encoder.FaultColumn} {encoder.IdType} {string.Join(' ', encoder.Warnings)}");
            Tell(full);
        }

        Tell(builder.Seal());
        return told;

        void Tell(SealedBatch? batch)
        {
            if (batch is null)
                return;
            told.Add(Encoding.ASCII.GetString([.. batch.Segments().SelectMany(segment => segment)]));
            batch.Dispose();
        }
    }

    private static void AddFields(RowEncoder encoder, CsvReader reader, Column[] columns)
    {
        for (var i = 0; i < reader.FieldCount; i++)
            encoder.Add(columns[i], reader.Field(i));
    }

    private static byte[] Text(Random random, char delimiter, string idName)
    {
        var names = new List<string> { "a", "b", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m" }.GetRange(0, 2 + random.Next(11));
        names.Remove(idName);
        if (idName != "c")
            names.Add("c");
        names.Insert(random.Next(2) == 0 ? 0 : random.Next(names.Count), idName);
        var text = new StringBuilder(string.Join(delimiter, names)).Append('\n');
        for (var row = 0; row < 60; row++)
        {
            var fields = names.Select(name => name == idName ? (random.Next(3) > 0 ? $"LM-{row}" : Ids[random.Next(Ids.Length)]) : random.Next(4) > 0 ? $"v{random.Next(100)}" : random.Next(40) == 0 ? new string('x', random.Next(600)) : Values[random.Next(Values.Length)]);
            var line = string.Join(delimiter, fields.Take(random.Next(20) == 0 ? random.Next(names.Count) : names.Count).Select(field => random.Next(30) == 0 || field.Contains(delimiter, StringComparison.Ordinal) ? $"\"{field}\"" : field));
            text.Append(line).Append('\n');
        }

        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        if (random.Next(3) == 0)
            bytes[bytes.Length - 1 - random.Next(bytes.Length / 2)] = (byte)random.Next(0x80, 0x100);
        return bytes;
    }
}
