using TargetProfiles.Rows;

namespace TargetProfiles.Core.Tests;

public sealed class CsvColumnNamesTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Long_header_gives_whole_names_only()
    {
        var names = Enumerable.Range(0, 9_000).Select(i => $"attribute number {i}").ToList();
        File.WriteAllText(_path, string.Join(",", names) + "\n1,2\n");
        Assert.Equal(names, CsvColumnNames.Of(_path, new CsvOptions()));
    }

    [Fact]
    public void Header_longer_than_any_record_may_be_is_told_and_not_cut()
    {
        File.WriteAllText(_path, string.Join(",", Enumerable.Range(0, 200_000).Select(i => $"attribute number {i}")));
        Assert.Throws<CsvFormatException>(() => CsvColumnNames.Of(_path, new CsvOptions()));
    }
}
