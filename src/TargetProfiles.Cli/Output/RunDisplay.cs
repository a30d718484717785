using System.Diagnostics;
using Spectre.Console;
using TargetProfiles.Sending;
using TargetProfiles.Sending.Comparing;

namespace TargetProfiles.Cli.Output;

/// <summary>Shows how far a run is while it goes on.</summary>
internal abstract class RunDisplay
{
    /// <summary>A live display on a terminal, plain lines elsewhere.</summary>
    public static RunDisplay For(Lines lines, bool plain) =>
        plain || Console.IsOutputRedirected || lines.Terminal is not { } terminal ? new PlainDisplay(lines) : new LiveDisplay(terminal);

    /// <summary>Runs the work with the display up.</summary>
    public abstract T During<T>(Func<T> work);

    public abstract void Show(SendProgress progress);

    public abstract void Show(CompareProgress progress);

    public abstract void ShowWaiting(int done, int all);

    public abstract void ShowAccepted(TargetProfileBatch batch);

    protected static string Processed(int done, int all) => $"{Tables.Count(done)} of {CountText.Of(all, "batch")} processed by Target";
}

/// <summary>A bar that is redrawn in place.</summary>
internal sealed class LiveDisplay(IAnsiConsole terminal) : RunDisplay
{
    private ProgressTask? _task;

    public override T During<T>(Func<T> work)
    {
        var progress = terminal.Progress().AutoClear(true).HideCompleted(false)
            .Columns(new ProgressBarColumn { Width = 24 }, new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left });
        progress.RefreshRate = TimeSpan.FromMilliseconds(200);
        return progress.Start(context =>
        {
            _task = context.AddTask("starting");
            _task.IsIndeterminate = true;
            return work();
        });
    }

    public override void Show(SendProgress progress) => Show(progress.PercentRead, progress.ToString());

    public override void Show(CompareProgress progress) => Show(null, progress.ToString());

    public override void ShowWaiting(int done, int all) =>
        Show(all == 0 ? null : done * 100 / all, Processed(done, all));

    public override void ShowAccepted(TargetProfileBatch batch)
    {
        // The bar counts them, the table at the end lists them.
    }

    private void Show(int? percent, string text)
    {
        if (_task is not { } task)
            return;
        task.IsIndeterminate = percent is null;
        task.Value = percent ?? 0;
        task.Description = Markup.Escape(text);
    }
}

/// <summary>A line for each batch, and one now and then.</summary>
internal sealed class PlainDisplay(Lines lines) : RunDisplay
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Stopwatch _sinceLine = Stopwatch.StartNew();

    public override T During<T>(Func<T> work) => work();

    public override void Show(SendProgress progress) => NowAndThen(() => progress.ToString());

    public override void Show(CompareProgress progress) => NowAndThen(() => progress.ToString());

    public override void ShowWaiting(int done, int all) =>
        NowAndThen(() => Processed(done, all));

    public override void ShowAccepted(TargetProfileBatch batch) =>
        lines.Note(FormattableString.Invariant($"Batch {batch.Number}: {CountText.Of(batch.Rows, "row")}, {batch.Bytes:N0} bytes, accepted{(batch.BatchId is null ? "" : $" as {batch.BatchId}")}"));

    private void NowAndThen(Func<string> text)
    {
        if (_sinceLine.Elapsed < Interval)
            return;
        _sinceLine.Restart();
        lines.Note(text());
    }
}
