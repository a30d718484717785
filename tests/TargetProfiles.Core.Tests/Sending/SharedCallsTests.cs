using FsCheck.Fluent;
using TargetProfiles.Sending;

namespace TargetProfiles.Core.Tests;

/// <summary>Several processes of one user, one account: played by accounts that share nothing but the file.</summary>
public sealed class SharedCallsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("calls-").FullName;
    private TimeSpan _now = TimeSpan.FromHours(1);

    private string FilePath => Path.Combine(_folder, "state", "calls.bin");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Processes_together_never_make_more_calls_in_any_sixty_seconds_than_one_may()
    {
        var steps = Gen.ArrayOf(from pause in Gen.Choose(0, 20_000) from who in Gen.Choose(0, 2) select (pause, who));
        Generators.Check(from limit in Gen.Choose(1, 5) from moves in steps select (limit, moves), run =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
            File.Delete(FilePath);
            _now = TimeSpan.FromHours(1);
            var processes = Enumerable.Range(0, 3).Select(_ => Process(run.limit)).ToList();
            var taken = new List<TimeSpan>();
            foreach (var (pause, who) in run.moves)
            {
                _now += TimeSpan.FromMilliseconds(pause);
                var allowed = taken.Count(time => _now - time < TimeSpan.FromSeconds(60)) < run.limit;
                if (allowed != Takes(processes[who]))
                    return false;
                if (allowed)
                    taken.Add(_now);
            }

            return true;
        });
    }

    [Fact]
    public void Gate_that_one_process_finds_shut_is_shut_for_all()
    {
        var (one, other) = (Process(0), Process(0));
        Assert.Equal(TimeSpan.Zero, one.TryTake(true, out var turn));
        turn!.Shut(TimeSpan.FromSeconds(65));
        Assert.InRange(other.TryTake(true, out _), TimeSpan.FromSeconds(64), TimeSpan.FromSeconds(66));
        _now += TimeSpan.FromSeconds(66);
        Assert.True(Takes(other));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no such file format at all")]
    public void Damaged_file_counts_as_empty(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        File.WriteAllText(FilePath, text);
        var process = Process(1);
        Assert.True(Takes(process));
        Assert.False(Takes(Process(1)));
    }

    [Fact]
    public void File_from_before_the_machines_last_start_counts_as_empty()
    {
        Assert.True(Takes(Process(1)));
        _now = TimeSpan.FromMinutes(5);
        Assert.True(Takes(Process(1)));
    }

    [Fact]
    public void Process_that_finds_the_file_in_use_waits_a_moment()
    {
        var process = Process(1);
        using (new SharedCalls(FilePath).Open())
            Assert.InRange(process.TryTake(true, out _), TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1));
        Assert.True(Takes(process));
    }

    [Fact]
    public void Where_there_is_no_place_for_the_file_a_process_keeps_to_the_limit_by_itself()
    {
        File.WriteAllText(Path.Combine(_folder, "state"), "a file where the folder should be");
        var process = Process(1);
        Assert.True(Takes(process));
        Assert.False(Takes(process));
    }

    private CallBudget Process(int callsPerMinute) => new(callsPerMinute, new CallBudget.Account(() => _now, new SharedCalls(FilePath)));

    private static bool Takes(CallBudget budget) => budget.TryTake(true, out _) == TimeSpan.Zero;
}
