using System.Net.Sockets;

namespace TargetProfiles.Core.Tests;

internal static class Tasks
{
    public static Task WaitAsync(this Task task, TimeSpan timeout) => task.WaitAsync(timeout, default);

    public static Task WaitAsync(this Task task, CancellationToken cancellation) => task.WaitAsync(Timeout.InfiniteTimeSpan, cancellation);

    public static async Task<T> WaitAsync<T>(this Task<T> task, TimeSpan timeout)
    {
        await ((Task)task).WaitAsync(timeout);
        return await task;
    }

    public static Task CancelAsync(this CancellationTokenSource source) => Task.Run(source.Cancel);

    public static async Task<TcpClient> AcceptTcpClientAsync(this TcpListener listener, CancellationToken cancellation)
    {
        using (cancellation.Register(listener.Stop))
            return await listener.AcceptTcpClientAsync();
    }

    private static async Task WaitAsync(this Task task, TimeSpan timeout, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (await Task.WhenAny(task, Task.Delay(timeout, over.Token)) != task)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new TimeoutException($"The operation has not ended within {timeout}.");
        }

        over.Cancel();
        await task;
    }
}
