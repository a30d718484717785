using TargetProfiles.Emulator;

namespace TargetProfiles.Core.Tests;

/// <summary>
/// Every fault under runs of each shape: the books balance, what the emulator keeps is what the run says was accepted, and the
/// same command again completes it. Shapes that share a path with a case of RunFaultTests stand there alone.
/// </summary>
public sealed class FaultMatrixTests : IDisposable
{
    private const int RowsOfABatch = 10;

    private readonly Wire _wire = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("matrix").FullName;
    private bool _onlyTimeEndsIt;

    /// <summary>One batch has no neighbours, so it needs no second throttle limit.</summary>
    public enum Shape
    {
        OneBatch,
        OneAfterTheOther,
        FourAtATime,
    }

    public static TheoryData<FaultKind, int, bool?, Shape> Once => Cases(Shape.OneBatch, Shape.FourAtATime);

    public static TheoryData<FaultKind, int, bool?, Shape> Staying => Cases(Shape.OneAfterTheOther, Shape.FourAtATime);

    public static TheoryData<FaultKind, int, bool?, int> Journaled
    {
        get
        {
            var cases = new TheoryData<FaultKind, int, bool?, int>();
            foreach (var row in Cases(Shape.FourAtATime))
            {
                cases.Add((FaultKind)row[0], (int)row[1], (bool?)row[2], 1);
                cases.Add((FaultKind)row[0], (int)row[1], (bool?)row[2], 0);
            }

            return cases;
        }
    }

    public void Dispose()
    {
        _wire.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Once))]
    public void Fault_that_comes_once_leaves_books_that_are_true(FaultKind kind, int status, bool? applied, Shape shape) =>
        RunUnder(kind, status, applied, shape, times: 1);

    [Theory]
    [MemberData(nameof(Staying))]
    public void Fault_that_stays_leaves_books_that_are_true(FaultKind kind, int status, bool? applied, Shape shape) =>
        RunUnder(kind, status, applied, shape, times: 0);

    [Theory]
    [MemberData(nameof(Journaled))]
    public void Same_command_again_completes_a_journal_and_sends_nothing_twice_that_was_accepted(FaultKind kind, int status, bool? applied, int times)
    {
        var journal = Path.Combine(_folder, "run.journal");
        var rows = Rows(Shape.FourAtATime);
        Play(kind, status, applied, times, skip: times == 0 || kind == FaultKind.RefuseConnection ? 0 : 1);
        long refused;
        List<TargetProfileBatch> accepted;
        using (var run = RunOnce(Shape.FourAtATime, Connection(), journal))
        {
            Assert.True(run.Accounting.IsBalanced, run.Accounting.ToString());
            refused = run.Accounting.Refused;
            accepted = run.Batches.FindAll(batch => batch.State == BatchState.Accepted);
        }

        _wire.Emulator.Faults.Clear();
        _onlyTimeEndsIt = false;
        using (var again = RunOnce(Shape.FourAtATime, Connection(), journal))
        {
            Assert.Equal((rows, rows - refused, refused), (again.Accounting.Read, again.Accounting.Accepted, again.Accounting.Refused));
            Assert.True(again.Accounting.SourceEnded && again.Accounting.IsBalanced, $"{again.Accounting} {again.Send.Failure}");
            Assert.Empty(again.Batches.Select(batch => (batch.Number, batch.Part)).Intersect(accepted.Select(batch => (batch.Number, batch.Part))));
        }

        // What the service said no to waits for a change, and for a word that it is to be sent again.
        if (refused > 0)
            RunOnce(Shape.FourAtATime, Connection(), journal, restart: true).Dispose();
        _wire.Emulator.ProcessNow();
        Assert.Equal(Enumerable.Range(1, rows).Select(i => $"U{i}").Order(), _wire.Emulator.Profiles.Select(profile => profile.ThirdPartyId!).Order());
    }

    private static SendOptions Options(Shape shape, string? journal, bool restart) => new()
    {
        JournalPath = journal,
        Restart = restart,
        Limits = new BatchLimits(rows: RowsOfABatch),
        ThrottleLimit = shape == Shape.FourAtATime ? 4 : 1,
    };

    private static TheoryData<FaultKind, int, bool?, Shape> Cases(params Shape[] shapes)
    {
        (FaultKind, int, bool?)[] statuses =
        [
            (FaultKind.ServerError, 400, null), (FaultKind.ServerError, 413, null), (FaultKind.ServerError, 429, null), (FaultKind.ServerError, 500, null), (FaultKind.ServerError, 500, true), (FaultKind.ServerError, 504, true),
            (FaultKind.EarlyReply, 403, null), (FaultKind.EarlyReply, 413, null), (FaultKind.EarlyReply, 500, null), (FaultKind.DelayedReply, 0, false),
        ];
        var cases = new TheoryData<FaultKind, int, bool?, Shape>();
        foreach (var (kind, status, applied) in Enum.GetValues<FaultKind>().Select(kind => (kind, 503, (bool?)null)).Concat(statuses))
        {
            foreach (var shape in shapes)
                cases.Add(kind, status, applied, shape);
        }

        return cases;
    }

    private void RunUnder(FaultKind kind, int status, bool? applied, Shape shape, int times)
    {
        var rows = Rows(shape);
        Play(kind, status, applied, times, skip: times == 0 || shape == Shape.OneBatch || kind == FaultKind.RefuseConnection ? 0 : 1);
        using (var run = RunOnce(shape, Connection()))
        {
            run.Balances(run.Batches.Where(batch => batch.State == BatchState.Uncertain).SelectMany(Run.Ids));
            Assert.Equal(run.Accounting.IsComplete, run.Accounting.Accepted == rows);
            if (times == 0)
                Assert.Equal(0, run.Accounting.Accepted);
        }

        _wire.Emulator.Faults.Clear();
        _onlyTimeEndsIt = false;
        using var again = RunOnce(shape, Connection());
        Assert.True(again.Accounting.IsComplete, $"{again.Accounting} {again.Send.Failure}");
        again.Balances();
        Assert.Equal(
            Enumerable.Range(1, rows).Select(i => ($"U{i}", $"{i}")).Order(),
            _wire.Emulator.Profiles.Select(profile => (profile.ThirdPartyId!, profile.Attributes["a"])).Order());
    }

    private Run RunOnce(Shape shape, TargetConnection connection, string? journal = null, bool restart = false)
    {
        var run = new Run(_wire, Options(shape, journal, restart), connection);
        run.SendCsv(Run.Numbered(Rows(shape)));
        return run;
    }

    private static int Rows(Shape shape) => shape == Shape.OneBatch ? RowsOfABatch : 5 * RowsOfABatch;

    // A fault that only a timeout ends is met with a short one; the others with one that nothing but a hang reaches.
    private TargetConnection Connection()
    {
        TimeSpan? timeout = _onlyTimeEndsIt ? TimeSpan.FromMilliseconds(150) : null;
        return _wire.Connect(_wire.Settings(operationTimeout: timeout, replyTimeout: timeout, retries: 1));
    }

    private void Play(FaultKind kind, int status, bool? applied, int times, int skip)
    {
        _onlyTimeEndsIt = kind is FaultKind.StallAfterBytes or FaultKind.DelayedReply;
        _wire.Play(kind, FaultTarget.Submit, times, status, afterBytes: 5, applied: applied, replyBytes: kind == FaultKind.OversizedHeader ? 300_000 : 3_000_000, skip: skip, delay: kind == FaultKind.DelayedReply ? TimeSpan.FromMinutes(5) : default);
    }
}
