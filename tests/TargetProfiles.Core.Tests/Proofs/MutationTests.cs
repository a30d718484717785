using System.Reflection;
using System.Text;
using TargetProfiles.Batches;
using TargetProfiles.Sending;

namespace TargetProfiles.Core.Tests;

/// <summary>What a defect in the builder or the queue would do to a run, done to it on purpose: the run's own books must tell.</summary>
public sealed class MutationTests : IDisposable
{
    private const int RowsOfABatch = 10;

    private readonly Wire _wire = new();

    public enum Mutation
    {
        RowWrittenTwice,
        RowNotWritten,
        RowNotCounted,
        RowCountedTwice,
        RowForgotten,
        RowInvented,
        RowReplaced,
        RowsSwapped,
        ByteExchanged,
        BatchForgotten,
        LineEndOverwritten,
        LineEndWritten,
    }

    public static TheoryData<Mutation> Mutations => [.. Enum.GetValues<Mutation>()];

    public void Dispose() => _wire.Dispose();

    [Theory]
    [MemberData(nameof(Mutations))]
    public void Run_that_lost_or_doubled_a_row_says_so(Mutation mutation)
    {
        using var run = new Run(_wire, new SendOptions { Limits = new BatchLimits(rows: RowsOfABatch), ThrottleLimit = 1 });
        for (var i = 1; i <= 3 * RowsOfABatch; i++)
        {
            if (i == RowsOfABatch + 5)
                Mutate(run.Send, mutation);
            run.AddRow(("thirdPartyId", $"U{i}"), ("a", $"{i}"));
        }

        var told = Record.Exception(() => run.Send.Complete(sourceEnded: true)) ?? run.Send.Failure;
        Assert.Contains("This is a defect", Assert.IsType<InvalidOperationException>(told).Message);
        Assert.False(run.Accounting.IsComplete);
        // Where the body does not fit its count, nothing of it leaves, and nothing after it.
        if (run.Send.Failure is not null)
        {
            Assert.Equal(BatchState.Accepted, run.Batches[0].State);
            Assert.All(run.Batches.Skip(1), batch => Assert.Equal(BatchState.NotSent, batch.State));
            _wire.Emulator.ProcessNow();
            Assert.Equal(RowsOfABatch, _wire.Emulator.ProfileCount);
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Counter_that_is_off_by_one_row_is_told(int wrong)
    {
        foreach (var state in Enum.GetValues<BatchState>())
        {
            var accounting = new RunAccounting();
            accounting.CountRead();
            accounting.CountBatch(state, 1);
            Assert.True(accounting.IsBalanced);
            accounting.CountBatch(state, wrong);
            Assert.False(accounting.IsBalanced, $"{state}");
        }
    }

    // Reaches into the run as no code of it can. A field that was renamed fails here by its name.
    private static void Mutate(SendRun run, Mutation mutation)
    {
        var builder = (BatchBuilder)Field(run, "_builder");
        var rows = (SegmentedBuffer)Field(builder, "_rows");
        switch (mutation)
        {
            case Mutation.RowWrittenTwice:
                rows.Append(LastLine(rows));
                break;
            case Mutation.RowNotWritten:
                Set(builder, "_rows", Buffer(WithoutLastLine(rows)));
                break;
            case Mutation.RowNotCounted:
                Set(builder, "_witness", RowWitness.Of(Buffer(WithoutLastLine(rows))));
                break;
            case Mutation.RowCountedTwice:
                Set(builder, "_witness", RowWitness.Of(Buffer([.. Bytes(rows), .. LastLine(rows)])));
                break;
            case Mutation.RowForgotten:
                Mutate(run, Mutation.RowNotCounted);
                Mutate(run, Mutation.RowNotWritten);
                break;
            case Mutation.RowInvented:
                rows.Append("invented,x\n"u8);
                Set(builder, "_witness", RowWitness.Of(rows));
                break;
            case Mutation.RowReplaced:
                Set(builder, "_rows", Buffer([.. WithoutLastLine(rows), .. "U11,12\n"u8]));
                break;
            case Mutation.RowsSwapped:
                Set(builder, "_rows", Buffer([.. LastLine(rows), .. WithoutLastLine(rows)]));
                break;
            case Mutation.ByteExchanged:
                Overwrite(rows, (byte)'1', (byte)'7');
                break;
            case Mutation.BatchForgotten:
                builder.Seal()!.Dispose();
                Set(builder, "_sealedCount", 1);
                break;
            case Mutation.LineEndOverwritten:
                Overwrite(rows, (byte)'\n', (byte)',');
                break;
            case Mutation.LineEndWritten:
                Overwrite(rows, (byte)',', (byte)'\n');
                break;
        }
    }

    private static void Overwrite(SegmentedBuffer rows, byte from, byte to)
    {
        var segment = rows.Segments().Single();
        segment.Array![Array.IndexOf(segment.Array, from, segment.Offset, segment.Count)] = to;
    }

    private static byte[] Bytes(SegmentedBuffer rows) => [.. rows.Segments().SelectMany(segment => segment)];

    private static SegmentedBuffer Buffer(byte[] bytes)
    {
        var buffer = new SegmentedBuffer();
        buffer.Append(bytes);
        return buffer;
    }

    private static byte[] WithoutLastLine(SegmentedBuffer rows) => Bytes(rows)[..^LastLine(rows).Length];

    private static byte[] LastLine(SegmentedBuffer rows) => Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(Bytes(rows)).TrimEnd('\n').Split('\n')[^1] + "\n");

    private static object Field(object owner, string name) => Info(owner, name).GetValue(owner)!;

    private static void Set(object owner, string name, object value) => Info(owner, name).SetValue(owner, value);

    private static FieldInfo Info(object owner, string name) =>
        owner.GetType().GetField(name, BindingFlags.Instance | BindingFlags.NonPublic) ?? throw new InvalidOperationException($"{owner.GetType().Name} has no field {name} any more.");
}
