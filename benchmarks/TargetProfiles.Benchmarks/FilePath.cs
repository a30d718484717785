using BenchmarkDotNet.Attributes;
using TargetProfiles.Batches;
using TargetProfiles.Profiles;
using TargetProfiles.Rows;

namespace TargetProfiles.Benchmarks;

/// <summary>From CSV to batches, in memory and on one core.</summary>
[Config(typeof(Throughput))]
[MemoryDiagnoser(displayGenColumns: false)]
public class FilePath : IDisposable
{
    private byte[] _text = [];
    private byte[] _copy = [];
    private ColumnMap _map = null!;
    private BatchBuilder _builder = null!;
    private RowEncoder _encoder = null!;

    /// <summary>Which rows.</summary>
    [Params(SampleRows.Crm, SampleRows.Plain)]
    public string Rows { get; set; } = SampleRows.Crm;

    [GlobalSetup]
    public void SetUp()
    {
        _text = SampleRows.Of(Rows);
        _copy = new byte[_text.Length];
        _map = new ColumnMap(new RowMapping(), _ => { });
        _builder = new BatchBuilder(new BatchLimits(), _map.AttributeNames);
        _encoder = new RowEncoder(_map, _builder);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _builder.Dispose();
        GC.SuppressFinalize(this);
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

    /// <summary>Everything from the text to sealed batches, in a run that has sent some before.</summary>
    [Benchmark]
    public long Encoder()
    {
        using var reader = Reader();
        var columns = CsvColumns.Of(reader.Header, _map, "benchmark");
        var bytes = 0L;
        while (true)
        {
            if (_encoder.AddRows(reader, columns, int.MaxValue, reader.RowNumber + 1, mayPass: null) > 0)
                continue;
            if (!reader.Read())
                break;
            _encoder.Begin();
            if (reader.Fault is RowRule fault)
                _encoder.Reject(fault);
            else
                _encoder.AddRecord(reader, columns);
            _encoder.End(reader.RowNumber, out var full);
            bytes += Length(full);
        }

        return bytes + Length(_builder.Seal());
    }

    private static long Length(SealedBatch? batch)
    {
        using (batch)
            return batch?.Length ?? 0;
    }

    private CsvReader Reader() => new(new MemoryStream(_text), "benchmark", new CsvOptions());
}
