using System.IO.Pipelines;
using TargetProfiles.Rows;

namespace TargetProfiles.Core.Tests;

/// <summary>Sources that do not answer: cancelling must not wait for them.</summary>
public sealed class InterruptibleReadTests
{
    [Fact]
    public async Task Read_that_gets_no_answer_ends_with_cancelling()
    {
        using var cancellation = new CancellationTokenSource();
        using var silent = new InterruptibleStream(() => new Pipe().Reader.AsStream(), cancellation.Token);
        var reading = Task.Run(() => silent.Read(new byte[10], 0, 10));
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(Wire.Patience));
    }

    [Fact]
    public async Task Source_that_does_not_open_ends_with_cancelling()
    {
        using var cancellation = new CancellationTokenSource();
        using var never = new ManualResetEventSlim();
        using var stream = new InterruptibleStream(
            () =>
            {
                never.Wait();
                return Stream.Null;
            },
            cancellation.Token);
        var reading = Task.Run(() => stream.Read(new byte[10], 0, 10));
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(Wire.Patience));
        never.Set();
    }

    [Fact]
    public void Bytes_arrive_whole_and_in_order_whatever_the_pieces()
    {
        var random = new Random(1);
        var bytes = new byte[3_000_000];
        random.NextBytes(bytes);
        using var stream = new InterruptibleStream(() => new MemoryStream(bytes), default);
        using var copy = new MemoryStream();
        var buffer = new byte[70_000];
        int read;
        while ((read = stream.Read(buffer, 0, random.Next(1, buffer.Length))) > 0)
            copy.Write(buffer, 0, read);
        Assert.Equal(bytes, copy.ToArray());
        Assert.Equal(bytes.Length, stream.BytesRead);
        Assert.Equal(0, stream.Read(buffer, 0, 1));
    }

    [Fact]
    public void File_that_cannot_be_opened_says_so_by_its_own_exception() =>
        Assert.Throws<FileNotFoundException>(() => new InterruptibleStream(() => File.OpenRead(Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.csv")), default).Read(new byte[1], 0, 1));

    [Fact]
    public void Source_is_closed_at_the_end()
    {
        var source = new MemoryStream([1, 2, 3]);
        using (var stream = new InterruptibleStream(() => source, default))
        {
            while (stream.Read(new byte[10], 0, 10) > 0)
            {
            }
        }

        Assert.False(source.CanRead);
    }
}
