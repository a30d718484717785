using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace TargetProfiles.Benchmarks;

/// <summary>Adds a column with the bytes of CSV that a benchmark gets through in a second.</summary>
internal sealed class Throughput : ManualConfig
{
    public Throughput() => AddColumn(new Column());

    private sealed class Column : IColumn
    {
        public string Id => nameof(Throughput);

        public string ColumnName => "GB/s";

        public string Legend => "CSV a second, 1 GB = 1,000,000,000 bytes";

        public bool AlwaysShow => true;

        public ColumnCategory Category => ColumnCategory.Custom;

        public int PriorityInCategory => 0;

        public bool IsNumeric => true;

        public UnitType UnitType => UnitType.Dimensionless;

        public bool IsAvailable(Summary summary) => true;

        public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

        public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
        {
            var nanoseconds = summary[benchmarkCase]?.ResultStatistics?.Median;
            var rows = benchmarkCase.Parameters[nameof(FilePath.Rows)] as string;
            return nanoseconds is double time && rows is not null ? FormattableString.Invariant($"{SampleRows.Of(rows).Length / time:F2}") : "-";
        }

        public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);
    }
}
