using System.Collections.Concurrent;
using System.Text;
using TargetProfiles.Batches;
using TargetProfiles.Sending;

namespace TargetProfiles.Core.Tests;

/// <summary>The sending half of a run alone, for batches that the packing half would never make.</summary>
internal sealed class QueueOfOne : IDisposable
{
    private readonly ConcurrentQueue<RunMessage> _messages = new();
    private readonly BatchQueue _queue;

    public QueueOfOne(Wire wire) =>
        _queue = new BatchQueue(new BatchUploader(wire.Connection, ProfileApiVersion.V2, journal: null, _ => { }, _messages.Enqueue), new RunAccounting(), _messages, 1, journal: null, default);

    public Exception? Failure => _queue.Failure;

    public TargetProfileBatch Send(string rows, int claimed)
    {
        var buffer = new SegmentedBuffer();
        buffer.Append(Encoding.ASCII.GetBytes(rows));
        Assert.True(_queue.TryTakePlace(Wire.Patience));
        var witness = new RowWitness();
        foreach (var row in rows.Split('\n', StringSplitOptions.RemoveEmptyEntries).Concat(Enumerable.Repeat("U0,x", claimed)).Take(claimed))
            witness.Add(Encoding.ASCII.GetBytes(row[..row.IndexOf(',')]), Encoding.ASCII.GetBytes(row[row.IndexOf(',')..]));
        _queue.Start(new SealedBatch(1, "batch=thirdPartyId,a\n"u8.ToArray(), buffer, witness, 1, claimed));
        Assert.True(_queue.WaitForAll(Wire.Patience));
        Assert.Equal(0, _queue.LiveCount);
        return _messages.OfType<RunMessage.BatchDone>().Single().Batch;
    }

    public void Dispose() => _queue.Dispose();
}
