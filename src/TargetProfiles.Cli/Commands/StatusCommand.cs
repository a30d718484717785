using System.CommandLine;
using TargetProfiles.Cli.Output;
using TargetProfiles.Sending;

namespace TargetProfiles.Cli.Commands;

/// <summary><c>target-profiles status</c>: how far the service is with batches.</summary>
internal sealed class StatusCommand : Command
{
    private readonly Argument<string[]> _batchIds = new("BATCH-ID") { Description = "Ids of batches, as send prints them.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _journalPath = ConnectionSwitches.Text("--journal-path", "FILE", "Tell about the batches of this journal: Target is asked for those that it has not said the last word about, and its word is recorded.");
    private readonly Option<string?> _failedPath = ConnectionSwitches.Text("--failed-path", "FILE", "Write the rows of the journal's refused, failed and stuck batches there, to be sent again. A file that exists is not written to.");
    private readonly Option<string?> _statusUri = ConnectionSwitches.Text("--status-uri", "URL", "Where to ask, for a single batch that was sent elsewhere.");
    private readonly Option<bool> _detailed = new("--detailed") { Description = "Ask for counts." };
    private readonly WaitSwitches _waiting;
    private readonly ConnectionSwitches _connection;
    private readonly OutputSwitches _output;

    public StatusCommand()
        : base("status", "Tells how far Target is with batches.")
    {
        Add(_batchIds);
        Add(_journalPath);
        Add(_failedPath);
        Add(_detailed);
        Add(_statusUri);
        _waiting = new WaitSwitches(this, "Ask again until Target is done with every batch.");
        _connection = new ConnectionSwitches(this);
        _output = new OutputSwitches(this, hasSteps: false);
        RequireBatches();
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        var batchIds = parsed.GetValue(_batchIds)!;
        var statusUri = parsed.GetValue(_statusUri) is string address ? StatusUri(address, batchIds.Length) : null;
        var journalPath = parsed.GetValue(_journalPath) is string journal ? SourceFiles.ToRead(journal) : null;
        var failedPath = SourceFiles.ToWrite(parsed.GetValue(_failedPath));
        using var interruption = new Interruption();
        using var connection = new TargetConnection(_connection.Read(parsed));
        var options = _waiting.Read(parsed, parsed.GetValue(_detailed) || journalPath is not null, _waiting.IsAsked(parsed));
        var lines = new Lines();
        var isJson = _output.IsJson(parsed);
        var display = RunDisplay.For(lines, isJson);
        using var poller = new BatchStatusPoller(connection, options);
        using var cancel = interruption.Token.Register(poller.Cancel);
        var watch = new StatusWatch(poller, display, lines);
        var results = display.During(() =>
        {
            var asked = AddBatches(poller, batchIds, statusUri, journalPath);
            watch.Complete();
            return asked.Select(batchId => watch.Results.First(result => result.BatchId == batchId)).ToList();
        });
        if (isJson)
            JsonOutput.Write(results);
        else if (results.Exists(result => result.Status is not null))
            StatusTable.Write(results, options.Detailed || options.Wait);
        else if (results.Count == 0)
            lines.Note("The journal holds no accepted batch to ask for.");
        var failedRows = failedPath is null ? null : FailedRows.Write(journalPath!, watch.Statuses, failedPath, interruption.Token);
        if (failedRows is not null)
            FailedRowsLines.Write(failedRows, lines);
        return watch.IsSuccess && failedRows is null or { Rows: 0 } ? ExitCode.Success : ExitCode.NotAllAccepted;
    }

    /// <returns>The batches that are told of, in order.</returns>
    private static List<string> AddBatches(BatchStatusPoller poller, string[] batchIds, Uri? statusUri, string? journalPath)
    {
        var journal = journalPath is null ? null : TargetProfileJournal.Read(journalPath);
        if (batchIds.Length == 0)
            return [.. poller.AddJournal(journal!).Select(batch => batch.BatchId!)];
        List<string> asked = [.. batchIds.Distinct(StringComparer.Ordinal)];
        foreach (var batchId in asked)
        {
            var recorded = journal?.Batches.FirstOrDefault(batch => batch.BatchId == batchId);
            poller.Add(recorded is null ? new FollowedBatch(batchId) { StatusUri = statusUri } : FollowedBatch.Of(recorded));
        }

        return asked;
    }

    private void RequireBatches() => Validators.Add(result =>
    {
        if (result.GetValue(_batchIds) is not { Length: > 0 } && result.GetValue(_journalPath) is null)
            result.AddError($"Name batches by their ids, or a journal with {_journalPath.Name} FILE.");
        if (result.GetValue(_failedPath) is not null && result.GetValue(_journalPath) is null)
            result.AddError($"{_failedPath.Name} takes rows from the source that a journal knows. Add {_journalPath.Name} FILE.");
    });

    private static Uri StatusUri(string text, int batches)
    {
        if (batches != 1)
            throw new ArgumentException("--status-uri is about one batch: give a single BATCH-ID with it.");
        return Uri.TryCreate(text, UriKind.Absolute, out var address)
            ? address
            : throw new ArgumentException("--status-uri is no address. Give the one that the batch was answered with.");
    }
}
