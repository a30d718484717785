using System.Text;
using TargetProfiles.Sending;
using TargetProfiles.Sending.Comparing;

namespace TargetProfiles.Core.Tests;

/// <summary>A whole comparison against an emulator, and everything it told.</summary>
internal sealed class Comparison : IDisposable
{
    public Comparison(Wire wire, CompareOptions? options = null, TargetConnection? connection = null, Action<CompareProgress>? onProgress = null) =>
        Run = new CompareRun(options ?? Once, connection ?? wire.Connection, Compared.Add, (row, failure) => Failed.Add((row, failure)), Messages.Add, onProgress ?? (_ => { }));

    /// <summary>Looks once, and waits for nothing.</summary>
    public static CompareOptions Once { get; } = new() { Timeout = TimeSpan.Zero };

    public CompareRun Run { get; }

    public List<TargetProfileComparison> Compared { get; } = [];

    public List<(string Row, Exception Failure)> Failed { get; } = [];

    public List<RunMessage> Messages { get; } = [];

    public TargetProfileComparisonSummary Summary => Run.Summary;

    /// <summary>Matches, differences, missing ones, and those that may still come.</summary>
    public (long Match, long Different, long Missing, long NotYet) Counts => (Summary.Match, Summary.Different, Summary.Missing, Summary.NotYet);

    public Comparison OfCsv(string text)
    {
        Run.Rows.AddCsv(new MemoryStream(Encoding.UTF8.GetBytes(text)), "test.csv");
        Run.Complete(sourceEnded: true);
        return this;
    }

    public Comparison OfFile(string path)
    {
        Run.Rows.AddFiles([path]);
        Run.Complete(sourceEnded: true);
        return this;
    }

    public void Dispose() => Run.Dispose();
}
