using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using TargetProfiles.Batches;

namespace TargetProfiles.Core.Tests;

public sealed class BatchBuilderTests
{
    private static readonly Gen<string> Id = Generators.Word;

    private static readonly Gen<(string Name, object? Value)[]> Row =
        from id in Id
        from at in Gen.Choose(0, 5)
        from values in Gen.ArrayOf(Generators.Text, 5)
        from names in Gen.Shuffle(new[] { "a", "B", "c d", "é,", "profil" })
        from count in Gen.Choose(0, 5)
        select WithId(names.Zip(values, (name, value) => (name, (object?)value)).Take(count), Math.Min(at, count), id);

    private static readonly Gen<(int Rows, int Bytes, (string Name, object? Value)[][] Source)> Run =
        from rows in Gen.Choose(1, 6)
        from bytes in Gen.Choose(64, 900)
        from source in Gen.ArrayOf(Row)
        select (rows, bytes, source);

    [Fact]
    public void Any_rows_under_any_caps_come_back_in_order_and_within_the_caps() =>
        Generators.Check(Run, run =>
        {
            // A random word may be one for nothing, such as nan; the caps are what is tried here.
            using var packing = new Packing(new RowMapping { ExcludedRules = ["id.placeholder", "id.total-line"] }, new BatchLimits(run.Rows, run.Bytes));
            var expected = new List<(string Id, Dictionary<string, string> Values)>();
            foreach (var row in run.Source)
            {
                var result = packing.Add(row);
                var values = row.Where(p => p.Name != "thirdPartyId" && !string.IsNullOrWhiteSpace((string)p.Value!)).ToDictionary(p => p.Name, p => (string)p.Value!);
                if (result == RowResult.Rejected)
                    Assert.Equal("row.larger-than-batch", packing.Encoder.Fault!.Id);
                else if (result == RowResult.Empty)
                    Assert.Empty(values);
                else
                    expected.Add(((string)row.Single(p => p.Name == "thirdPartyId").Value!, values));
            }

            packing.Seal();
            foreach (var batch in packing.Batches)
            {
                var decoded = DecodedBatch.Of(batch);
                Assert.True(batch.Length < run.Bytes && batch.Length == decoded.Length);
                Assert.InRange(batch.RowCount, 1, run.Rows);
                Assert.Equal(batch.RowCount, decoded.Rows.Count);
                batch.RequireItsRows();
                Assert.Equal("thirdPartyId", decoded.IdName);
            }

            Assert.Equal(Enumerable.Range(1, packing.Batches.Count), packing.Batches.Select(batch => batch.Number));
            return packing.Rows.Zip(expected, (got, wanted) => got.Is(wanted.Id, wanted.Values)).All(same => same)
                && packing.Rows.Count() == expected.Count;
        }, 150);

    [Fact]
    public void Byte_cap_is_exact()
    {
        // "batch=thirdPartyId,a\n" is 21 bytes, each row "01,xxxxx\n" 9.
        const int TwoRows = 21 + 9 + 9;
        Assert.Equal([2], Packed(new BatchLimits(bytes: 64), 2));
        Assert.Equal([4, 1], Packed(new BatchLimits(bytes: 64), 5));
        Assert.Equal([5, 1], Packed(new BatchLimits(bytes: TwoRows + 27 + 1), 6));
        Assert.Equal([4, 2], Packed(new BatchLimits(bytes: TwoRows + 27), 6));
    }

    [Fact]
    public void Row_cap_is_exact()
    {
        Assert.Equal([3], Packed(new BatchLimits(rows: 3), 3));
        Assert.Equal([3, 1], Packed(new BatchLimits(rows: 3), 4));
        Assert.Equal([1, 1], Packed(new BatchLimits(rows: 1), 2));
    }

    [Theory]
    [InlineData(0, 64)]
    [InlineData(500_000, 64)]
    [InlineData(1, 63)]
    [InlineData(1, 50_000_001)]
    public void Caps_that_the_service_would_not_take_are_refused(int rows, int bytes) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchLimits(rows, bytes));

    [Fact]
    public void Row_alone_larger_than_a_batch_is_rejected_at_the_exact_byte()
    {
        // 21 bytes of header, "1,", the value, a line feed: 40 characters make 64, which is not below 64.
        using var packing = new Packing(limits: new BatchLimits(bytes: 64));
        Assert.Equal(RowResult.Added, packing.Add(("thirdPartyId", "1"), ("a", new string('x', 39))));
        Assert.Equal("row.larger-than-batch", packing.Rejected(("thirdPartyId", "1"), ("a", new string('x', 40))));
        Assert.Equal(RowResult.Added, packing.Add(("thirdPartyId", "2"), ("a", "y")));
        packing.Seal();
        Assert.Equal(["1", "2"], packing.Rows.Select(row => row.Id));
    }

    [Fact]
    public void Property_that_first_appears_late_arrives_and_earlier_rows_are_short()
    {
        using var packing = new Packing();
        for (var i = 0; i < 1000; i++)
            packing.Add(("thirdPartyId", $"{i}"), ("a", "1"));
        packing.Add(("thirdPartyId", "late"), ("b", "2"));
        packing.Seal();

        var batch = DecodedBatch.Of(Assert.Single(packing.Batches));
        Assert.Equal(["a", "b"], batch.Names);
        Assert.True(batch.Rows[1000].Is("late", new Dictionary<string, string> { ["b"] = "2" }));
        Assert.True(batch.Rows[0].Is("0", new Dictionary<string, string> { ["a"] = "1" }));
    }

    [Fact]
    public void Header_names_only_the_columns_that_its_rows_can_have()
    {
        using var packing = new Packing(limits: new BatchLimits(rows: 2));
        packing.Add(("thirdPartyId", "1"), ("a", "1"));
        packing.Add(("thirdPartyId", "2"), ("a", "1"));
        packing.Add(("thirdPartyId", "3"), ("b", "1"));
        packing.Seal();
        Assert.Equal([["a"], ["a", "b"]], packing.Batches.Select(batch => DecodedBatch.Of(batch).Names.ToArray()));
    }

    [Fact]
    public void Hundreds_of_columns_in_reverse_order_keep_their_values()
    {
        using var packing = new Packing();
        var forward = Enumerable.Range(0, 300).Select(i => ($"n{i}", (object?)$"v{i}")).Prepend(("pcId", "1")).ToArray();
        packing.Add(forward);
        packing.Add([.. Enumerable.Reverse(forward)]);
        packing.Seal();
        var rows = packing.Rows.ToList();
        Assert.Equal(300, rows[0].Values.Count);
        Assert.True(rows[1].Is("1", rows[0].Values));
        Assert.Equal("pcId", DecodedBatch.Of(packing.Batches[0]).IdName);
    }

    [Fact]
    public void Names_and_ids_are_encoded_too()
    {
        using var packing = new Packing();
        packing.Add(("thirdPartyId", "a b,c"), ("Annual Income (k$)", "50% off & \"more\"\r\n"), ("größe", "ü"));
        packing.Seal();
        var batch = DecodedBatch.Of(packing.Batches[0]);
        Assert.Equal(["Annual Income (k$)", "größe"], batch.Names);
        Assert.True(batch.Rows[0].Is("a b,c", new Dictionary<string, string> { ["Annual Income (k$)"] = "50% off & \"more\"\r\n", ["größe"] = "ü" }));
    }

    [Fact]
    public void Bytes_of_a_known_batch_are_these()
    {
        using var packing = new Packing();
        packing.Add(("city", "New York, NY"), ("thirdPartyId", "U1"), ("seg", "w10|w32"));
        packing.Add(("seg", "w01"), ("thirdPartyId", "U2"));
        packing.Seal();
        var body = packing.Batches[0].Segments().SelectMany(segment => segment).ToArray();
        Assert.Equal("batch=thirdPartyId,city,seg\nU1,New%20York%2C%20NY,w10%7Cw32\nU2,,w01\n"u8.ToArray(), body);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(body)), packing.Batches[0].Sha256);
    }

    private static int[] Packed(BatchLimits limits, int rows)
    {
        using var packing = new Packing(limits: limits);
        for (var i = 1; i <= rows; i++)
            packing.Add(("thirdPartyId", $"{i:00}"), ("a", "xxxxx"));
        packing.Seal();
        return [.. packing.Batches.Select(batch => batch.RowCount)];
    }

    private static (string Name, object? Value)[] WithId(IEnumerable<(string Name, object? Value)> values, int at, string id)
    {
        var row = values.ToList();
        row.Insert(at, ("thirdPartyId", id));
        return [.. row];
    }
}
