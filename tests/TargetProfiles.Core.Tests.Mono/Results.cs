using Xunit.Abstractions;

namespace TargetProfiles.Core.Tests;

internal sealed class Results : LongLivedMarshalByRefObject, IMessageSink, IDisposable
{
    private readonly object _lock = new();
    private int _run;
    private int _failed;
    private int _skipped;
    private decimal _seconds;

    public ManualResetEvent Finished { get; } = new(false);

    public bool OnMessage(IMessageSinkMessage message)
    {
        lock (_lock)
        {
            switch (message)
            {
                case ITestFailed failed:
                    Tell(failed.Test.DisplayName, failed);
                    break;
                case ITestCleanupFailure failed:
                    Tell(failed.Test.DisplayName, failed);
                    break;
                case ITestClassCleanupFailure failed:
                    Tell(failed.TestClass.Class.Name, failed);
                    break;
                case IErrorMessage failed:
                    Tell("the run", failed);
                    break;
                case ITestFinished finished when Environment.GetEnvironmentVariable("TARGET_TEST_TIMES") == "1":
                    Console.WriteLine($"{finished.ExecutionTime,8:0.00} s  {finished.Test.DisplayName}");
                    break;
                case ITestAssemblyFinished finished:
                    _run = finished.TestsRun;
                    _failed = Math.Max(_failed, finished.TestsFailed);
                    _skipped = finished.TestsSkipped;
                    _seconds = finished.ExecutionTime;
                    Finished.Set();
                    break;
            }
        }

        return true;
    }

    public int Report()
    {
        Console.WriteLine($"{_run - _failed - _skipped} passed, {_failed} failed, {_skipped} skipped; {_seconds:0.0} s in tests");
        return _run == 0 ? 2 : _failed > 0 ? 1 : 0;
    }

    public void Dispose() => Finished.Dispose();

    private void Tell(string name, IFailureInformation failure)
    {
        _failed++;
        Console.WriteLine($"FAILED: {name}");
        for (var i = 0; i < failure.Messages.Length; i++)
            Console.WriteLine($"    {failure.ExceptionTypes[i]}: {failure.Messages[i]}\n{failure.StackTraces[i]}");
    }
}
