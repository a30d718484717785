namespace TargetProfiles.Rows;

/// <summary>Asks the file system something, and stops waiting for the answer once cancelled: a share may be gone.</summary>
internal static class Interruptible
{
    public static T Run<T>(Func<T> ask, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var asked = Task.Run(ask, CancellationToken.None);
        try
        {
            asked.Wait(cancellation);
        }
        catch (AggregateException)
        {
            // Told by its own name when the result is taken.
        }

        return asked.GetAwaiter().GetResult();
    }
}
