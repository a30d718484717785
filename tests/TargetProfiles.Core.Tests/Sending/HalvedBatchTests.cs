using TargetProfiles.Emulator;

namespace TargetProfiles.Core.Tests;

/// <summary>A batch that something on the way calls too large (413) goes in two halves, once.</summary>
public sealed class HalvedBatchTests : IDisposable
{
    private readonly JournalRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Both_halves_arrive_and_have_their_ids()
    {
        var file = _runs.Write("crm.csv", Run.Numbered(31));
        _runs.Wire.Play(FaultKind.ServerError, status: 413, times: 1, skip: 1);
        using var run = _runs.Send(null, file);
        Assert.Equal((31, 31, true), (run.Accounting.Read, run.Accounting.Accepted, run.Accounting.IsComplete));
        Assert.Equal([(1, 0, 10), (2, 1, 5), (2, 2, 5), (3, 0, 10), (4, 0, 1)], run.Batches.Select(batch => (batch.Number, batch.Part, batch.Rows)));
        Assert.Equal(5, run.Batches.Select(batch => batch.BatchId).Distinct().Count());
        Assert.Equal(31, _runs.StoredIds.Count());
        Assert.Contains("two halves", Assert.Single(run.Warnings));
        Assert.Equal(run.Batches.Select(batch => (batch.BatchId, batch.Part, batch.Rows, batch.State)), TargetProfileJournal.Read(_runs.Journal).Batches.Select(batch => (batch.BatchId, batch.Part, batch.Rows, batch.State)));
    }

    [Fact]
    public void Half_that_is_too_large_is_refused()
    {
        var file = _runs.Write("crm.csv", Run.Numbered(21));
        _runs.Wire.Play(FaultKind.ServerError, status: 413, times: 2);
        using var run = _runs.Send(null, file);
        Assert.Equal((21, 16, 5), (run.Accounting.Read, run.Accounting.Accepted, run.Accounting.Refused));
        Assert.True(run.Accounting.IsBalanced);
    }

    [Fact]
    public void Only_the_half_that_is_not_known_to_have_arrived_is_sent_again()
    {
        var file = _runs.Write("crm.csv", Run.Numbered(20));
        _runs.Wire.Play(FaultKind.ServerError, status: 413, times: 1);
        _runs.Wire.Play(FaultKind.ApplyAndClose, times: 3, skip: 1);
        using (var first = _runs.Send(null, file))
            Assert.Equal((5, 5), (first.Accounting.Accepted, first.Accounting.Uncertain));
        var before = _runs.Bodies.Count;
        using var second = _runs.Send(null, file);
        Assert.Equal((20, 20, true), (second.Accounting.Read, second.Accounting.Accepted, second.Accounting.IsComplete));
        Assert.Equal([(1, 2, 5), (2, 0, 10)], second.Batches.Select(batch => (batch.Number, batch.Part, batch.Rows)));
        Assert.Equal(2, _runs.Bodies.Count - before);
        Assert.Equal(20, _runs.StoredIds.Count());
    }
}
