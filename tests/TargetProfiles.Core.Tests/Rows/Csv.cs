using System.Text;
using TargetProfiles.Rows;

namespace TargetProfiles.Core.Tests;

/// <summary>CSV text through the reader, and the stream it trickles from.</summary>
internal static class Csv
{
    public static List<string[]> Rows(string text, CsvOptions? options = null, int bytesAtATime = int.MaxValue) =>
        [.. Records(Encoding.UTF8.GetBytes(text), options, bytesAtATime).Select(record => record.Fault is null ? record.Fields : throw new InvalidOperationException($"row {record.Row}: {record.Fault}"))];

    public static List<CsvRecord> Records(string text, CsvOptions? options = null) => Records(Encoding.UTF8.GetBytes(text), options);

    public static List<CsvRecord> Records(byte[] bytes, CsvOptions? options = null, int bytesAtATime = int.MaxValue)
    {
        using var reader = new CsvReader(new TrickleStream(bytes, bytesAtATime), "test.csv", options ?? new CsvOptions());
        var records = new List<CsvRecord>();
        while (reader.Read())
        {
            var fields = new string[reader.Fault is null ? reader.FieldCount : 0];
            for (var i = 0; i < fields.Length; i++)
                fields[i] = Encoding.UTF8.GetString(reader.Field(i));
            records.Add(new CsvRecord(reader.RowNumber, reader.LineNumber, fields, reader.Fault?.Id, reader.FaultColumn));
        }

        return records;
    }

    public static string[] Header(string text, CsvOptions? options = null) => Header(Encoding.UTF8.GetBytes(text), options);

    public static string[] Header(byte[] bytes, CsvOptions? options = null)
    {
        using var reader = new CsvReader(new MemoryStream(bytes), "test.csv", options ?? new CsvOptions());
        return [.. reader.Header];
    }

    public static string HeaderFault(string text, CsvOptions? options = null) => HeaderFault(Encoding.UTF8.GetBytes(text), options);

    public static string HeaderFault(byte[] bytes, CsvOptions? options = null) =>
        Assert.Throws<CsvFormatException>(() => Header(bytes, options)).Message;
}

internal sealed record CsvRecord(long Row, long Line, string[] Fields, string? Fault, int FaultColumn);

/// <summary>Gives at most so many bytes a read, as pipes and slow disks do.</summary>
internal sealed class TrickleStream(byte[] bytes, int atATime) : MemoryStream(bytes)
{
    public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, atATime));
}
