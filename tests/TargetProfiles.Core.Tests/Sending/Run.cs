using System.Text;
using TargetProfiles.Sending;

namespace TargetProfiles.Core.Tests;

/// <summary>A whole run against an emulator, and everything it told.</summary>
internal sealed class Run : IDisposable
{
    private readonly Wire _wire;

    public Run(Wire wire, SendOptions? options = null, TargetConnection? connection = null, Action<RunMessage>? onMessage = null)
    {
        _wire = wire;
        Send = new SendRun(options ?? new SendOptions(), connection ?? wire.Connection, message =>
        {
            Messages.Add(message);
            onMessage?.Invoke(message);
        }, _ => { });
    }

    public SendRun Send { get; }

    public List<RunMessage> Messages { get; } = [];

    public RunAccounting Accounting => Send.Accounting;

    public List<TargetProfileBatch> Batches => [.. Messages.OfType<RunMessage.BatchDone>().Select(done => done.Batch)];

    public List<TargetRowFinding> Findings => [.. Messages.OfType<RunMessage.RowFound>().Select(found => found.Finding)];

    public List<string> Warnings => [.. Messages.OfType<RunMessage.Warning>().Select(warning => warning.Text)];

    public void SendCsv(string text) => SendCsv(Encoding.UTF8.GetBytes(text));

    public void SendCsv(byte[] bytes)
    {
        Send.AddCsv(new MemoryStream(bytes), "test.csv");
        Send.Complete(sourceEnded: true);
    }

    /// <summary>Rows 1 to n, each with its number as id and value.</summary>
    public static string Numbered(int rows, int valueLength = 1) =>
        "thirdPartyId,a\n" + string.Concat(Enumerable.Range(1, rows).Select(i => $"U{i},{i.ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(valueLength, 'x')}\n"));

    public void AddRow(params (string Name, object? Value)[] row)
    {
        var values = Send.BeginRow();
        foreach (var (name, value) in row)
            values.Add(name, value);
        Send.EndRow();
    }

    /// <summary>What the emulator keeps is what the run says was accepted, and every row is accounted for.</summary>
    public void Balances(IEnumerable<string>? maybeStored = null)
    {
        Assert.True(Accounting.IsBalanced, Accounting.ToString());
        Assert.Equal(Enumerable.Range(1, Batches.Select(batch => batch.Number).Distinct().Count()), Batches.Where(batch => batch.Part < 2).Select(batch => batch.Number));
        foreach (var (state, counted) in new[] { (BatchState.Accepted, Accounting.Accepted), (BatchState.Refused, Accounting.Refused), (BatchState.Uncertain, Accounting.Uncertain), (BatchState.NotSent, Accounting.NotSent) })
            Assert.Equal(counted, Batches.Where(batch => batch.State == state).Sum(batch => batch.Rows));
        _wire.Emulator.ProcessNow();
        var accepted = Batches.Where(batch => batch.State == BatchState.Accepted).SelectMany(Ids).ToHashSet();
        var stored = _wire.Emulator.Profiles.Select(profile => profile.ThirdPartyId!).ToHashSet();
        Assert.Empty(accepted.Except(stored));
        Assert.Empty(stored.Except(accepted).Except(maybeStored ?? []));
    }

    /// <summary>The ids of numbered rows in a batch without rejected rows.</summary>
    public static IEnumerable<string> Ids(TargetProfileBatch batch) =>
        Enumerable.Range(batch.Part == 2 ? (int)batch.LastRow - batch.Rows + 1 : (int)batch.FirstRow, batch.Rows).Select(i => $"U{i}");

    public void Dispose() => Send.Dispose();
}
