using TargetProfiles.Sending;

namespace TargetProfiles.Core.Tests;

/// <summary>The single updates of a day: several processes of one user, played by counters that share nothing but the file.</summary>
public sealed class SharedUpdatesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("updates-").FullName;
    private DateTime _now = new(2026, 3, 28, 12, 30, 0, DateTimeKind.Utc);

    private string FilePath => Path.Combine(_folder, "state", "updates.bin");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Processes_know_of_each_others_updates_for_a_day()
    {
        Assert.Equal(1_000, Process().Add(1_000));
        _now += TimeSpan.FromHours(20);
        var other = Process();
        Assert.Equal(1_005, other.Add(5));
        _now += TimeSpan.FromHours(4);
        Assert.Equal(6, other.Add(1));
        _now += TimeSpan.FromDays(30);
        Assert.Equal(0, Process().Add(0));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no such file format at all")]
    public void Damaged_file_counts_as_empty(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        File.WriteAllText(FilePath, text);
        Assert.Equal(3, Process().Add(3));
        Assert.Equal(4, Process().Add(1));
    }

    [Fact]
    public void Updates_counted_while_another_process_has_the_file_are_not_forgotten()
    {
        var process = Process();
        process.Add(10);
        using (AccountFile.Open(FilePath))
            Assert.Equal(5, process.Add(5));
        Assert.Equal(16, process.Add(1));
    }

    [Fact]
    public void Where_there_is_no_place_for_the_file_a_process_counts_its_own()
    {
        File.WriteAllText(Path.Combine(_folder, "state"), "a file where the folder should be");
        foreach (var path in new[] { FilePath, null })
        {
            var process = new SharedUpdates(path, () => _now);
            process.Add(7);
            Assert.Equal(8, process.Add(1));
        }
    }

    private SharedUpdates Process() => new(FilePath, () => _now);
}
