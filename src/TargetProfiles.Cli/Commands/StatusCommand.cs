using System.CommandLine;
using TargetProfiles.Cli.Output;
using TargetProfiles.Sending;

namespace TargetProfiles.Cli.Commands;

/// <summary><c>target-profiles status</c>: how far the service is with batches.</summary>
internal sealed class StatusCommand : Command
{
    private readonly Argument<string[]> _batchIds = new("BATCH-ID") { Description = "Ids of batches, as send prints them.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string?> _statusUri = ConnectionSwitches.Text("--status-uri", "URL", "Where to ask, for a single batch that was sent elsewhere.");
    private readonly Option<bool> _detailed = new("--detailed") { Description = "Ask for counts." };
    private readonly WaitSwitches _waiting;
    private readonly ConnectionSwitches _connection;
    private readonly OutputSwitches _output;

    public StatusCommand()
        : base("status", "Tells how far Target is with batches.")
    {
        Add(_batchIds);
        Add(_detailed);
        Add(_statusUri);
        _waiting = new WaitSwitches(this, "Ask again until Target is done with every batch.");
        _connection = new ConnectionSwitches(this);
        _output = new OutputSwitches(this, hasSteps: false);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        var batchIds = parsed.GetValue(_batchIds)!;
        var statusUri = parsed.GetValue(_statusUri) is string address ? StatusUri(address, batchIds.Length) : null;
        using var interruption = new Interruption();
        using var connection = new TargetConnection(_connection.Read(parsed));
        var options = _waiting.Read(parsed, parsed.GetValue(_detailed), _waiting.IsAsked(parsed));
        var lines = new Lines();
        var isJson = _output.IsJson(parsed);
        var results = RunDisplay.For(lines, isJson).During(() => Ask(connection, options, batchIds, statusUri, lines, interruption.Token));
        if (isJson)
            JsonOutput.Write(results);
        else if (results.Any(result => result.Status is not null))
            StatusTable.Write(results, options.Detailed);
        return results.All(result => result.IsSuccess)
            ? ExitCode.Success
            : ExitCode.NotAllAccepted;
    }

    private static List<BatchStatusResult> Ask(
        TargetConnection connection, BatchStatusOptions options, string[] batchIds, Uri? statusUri, Lines lines, CancellationToken cancellation)
    {
        var results = new Dictionary<string, BatchStatusResult>(StringComparer.Ordinal);
        using var poller = new BatchStatusPoller(connection, options);
        using var cancel = cancellation.Register(poller.Cancel);
        var asked = batchIds.Distinct(StringComparer.Ordinal).ToList();
        foreach (var batchId in asked)
            poller.Add(batchId, statusUri, submittedAt: null);
        poller.Complete(() =>
        {
            while (poller.TryTake(out var result))
            {
                results[result!.BatchId] = result;
                if (result.Failure is not null)
                    lines.Error(Failures.Text(result.Failure));
            }
        });
        return [.. asked.Select(batchId => results[batchId])];
    }

    private static Uri StatusUri(string text, int batches)
    {
        if (batches != 1)
            throw new ArgumentException("--status-uri is about one batch: give a single BATCH-ID with it.");
        return Uri.TryCreate(text, UriKind.Absolute, out var address)
            ? address
            : throw new ArgumentException("--status-uri is no address. Give the one that the batch was answered with.");
    }
}
