using BenchmarkDotNet.Attributes;
using TargetProfiles.Batches;
using TargetProfiles.Profiles;
using TargetProfiles.Rows;

namespace TargetProfiles.Benchmarks;

/// <summary>From CSV to batches, in memory and on one core.</summary>
[Config(typeof(Throughput))]
[MemoryDiagnoser(displayGenColumns: false)]
public class FilePath
{
    private byte[] _text = [];
    private byte[] _copy = [];

    /// <summary>Which rows.</summary>
    [Params(SampleRows.Crm, SampleRows.Plain)]
    public string Rows { get; set; } = SampleRows.Crm;

    [GlobalSetup]
    public void SetUp()
    {
        _text = SampleRows.Of(Rows);
        _copy = new byte[_text.Length];
    }

    [Benchmark(Baseline = true)]
    public void Copy() => Buffer.BlockCopy(_text, 0, _copy, 0, _text.Length);

    [Benchmark]
    public byte[] Sha256() => System.Security.Cryptography.SHA256.HashData(_text);

    /// <summary>Records and fields found, none looked at.</summary>
    [Benchmark]
    public long Tokenizer()
    {
        using var reader = Reader();
        var fields = 0L;
        while (true)
        {
            if (reader.NextRows() is PlainRows rows && rows.TryNext())
            {
                while (rows.TryNext())
                    rows.Take();
                reader.Pass(rows);
                fields += rows.Taken * reader.Header.Count;
                continue;
            }

            if (!reader.Read())
                return fields;
            fields += reader.FieldCount;
        }
    }

    /// <summary>Everything from the text to sealed batches.</summary>
    [Benchmark]
    public long Encoder()
    {
        using var reader = Reader();
        var map = new ColumnMap(new RowMapping(), _ => { });
        using var builder = new BatchBuilder(new BatchLimits(), map.AttributeNames);
        var encoder = new RowEncoder(map, builder);
        var columns = CsvColumns.Of(reader.Header, map, "benchmark");
        var bytes = 0L;
        while (true)
        {
            if (encoder.AddRows(reader, columns, int.MaxValue, reader.RowNumber + 1, mayPass: null) > 0)
                continue;
            if (!reader.Read())
                break;
            encoder.Begin();
            if (reader.Fault is RowRule fault)
                encoder.Reject(fault);
            else
                encoder.AddRecord(reader, columns);
            encoder.End(reader.RowNumber, out var full);
            bytes += Length(full);
        }

        return bytes + Length(builder.Seal());
    }

    private static long Length(SealedBatch? batch)
    {
        using (batch)
            return batch?.Length ?? 0;
    }

    private CsvReader Reader() => new(new MemoryStream(_text), "benchmark", new CsvOptions());
}
