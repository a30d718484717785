using System.Collections;
using System.Management.Automation;
using System.Text;
using TargetProfiles.PowerShell.Completion;
using TargetProfiles.PowerShell.Errors;
using TargetProfiles.Sending;

namespace TargetProfiles.PowerShell.Commands;

/// <summary>Sends rows to Target in batches, and writes one object per batch, in batch order.</summary>
[Cmdlet(VerbsCommunications.Send, "TargetProfileBatch", DefaultParameterSetName = InputObjectSet, SupportsShouldProcess = true)]
[OutputType(typeof(TargetProfileBatch))]
public sealed class SendTargetProfileBatchCommand : ConnectedCommand
{
    private const string InputObjectSet = "InputObject";
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";
    private const string BatchPathSet = "BatchPath";

    private SendRun? _run;
    private ProgressReport? _progress;
    private string _target = "";
    private bool _isDeclined;

    /// <summary>A row: an object, a hashtable, a DataRow; a DataTable holds rows, and a file is sent as with LiteralPath.</summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public PSObject? InputObject { get; set; }

    /// <summary>CSV files; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = PathSet, Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? Path { get; set; }

    /// <summary>CSV files, taken as they are written.</summary>
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true)]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string[]? LiteralPath { get; set; }

    /// <summary>Finished batch files, which begin with batch=.</summary>
    [Parameter(ParameterSetName = BatchPathSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string[]? BatchPath { get; set; }

    /// <summary>Name of the id column; by default the one called thirdPartyId, mbox3rdPartyId, pcId or tntId.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    public string? IdProperty { get; set; }

    /// <summary>What the id column holds; by default its name tells, and a thirdPartyId where it does not.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public ProfileIdType? IdType { get; set; }

    /// <summary>Columns to send; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [SupportsWildcards]
    public string[]? Property { get; set; }

    /// <summary>Columns not to send; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [SupportsWildcards]
    public string[]? ExcludeProperty { get; set; }

    /// <summary>Attribute names by column name.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public IDictionary? PropertyMap { get; set; }

    /// <summary>What stands between the elements of a list value.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNull]
    public string ListSeparator { get; set; } = "|";

    /// <summary>Rows of a batch at most.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateRange(1, ServiceLimits.MaxBatchRows)]
    public int MaxBatchRows { get; set; } = BatchLimits.DefaultRows;

    /// <summary>A batch stays below this many bytes.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateRange(64, ServiceLimits.MaxBatchBytes)]
    public int MaxBatchBytes { get; set; } = BatchLimits.DefaultBytes;

    /// <summary>Encoding of files without byte order mark; by default UTF-8.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [EncodingName]
    [ArgumentCompleter(typeof(EncodingNameCompleter))]
    public Encoding? Encoding { get; set; }

    /// <summary>Field delimiter of files; by default a comma, or what a sep= line says.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public char? Delimiter { get; set; }

    /// <summary>Column names of files without a header line.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    public string[]? Header { get; set; }

    /// <summary>Version of the bulk API; by default the connection's.</summary>
    [Parameter]
    public ProfileApiVersion? ApiVersion { get; set; }

    /// <summary>Batches sent at a time; memory grows by one batch with each.</summary>
    [Parameter]
    [ValidateRange(1, 16)]
    public int ThrottleLimit { get; set; } = 2;

    /// <summary>Name of a variable that gets the accounting of the run.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SummaryVariable { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => Guarded(() =>
    {
        var connection = IsWhatIf ? Connection ?? ModuleState.Current : RequireConnection();
        _target = connection?.ToString() ?? "Target";
        if (!IsWhatIf && !ShouldProcess(_target, "Send profile batches"))
        {
            _isDeclined = true;
            return;
        }

        var options = new SendOptions
        {
            Mapping = RowMappingParameters.Mapping(IdProperty, IdType, Property, ExcludeProperty, PropertyMap, ListSeparator),
            Csv = new CsvOptions { Delimiter = Delimiter, Encoding = Encoding, Header = Header },
            Limits = new BatchLimits(MaxBatchRows, MaxBatchBytes),
            ApiVersion = ApiVersion,
            ThrottleLimit = ThrottleLimit,
            Unwrap = RowReader.Unwrap,
            PlanOnly = IsWhatIf,
        };
        _progress = new ProgressReport(this, $"Sending profiles to {_target}");
        _run = new SendRun(options, connection, OnMessage, _progress.Show);
    });

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (_isDeclined)
            return;
        switch (ParameterSetName)
        {
            case InputObjectSet:
                AddInput(InputObject!);
                break;
            case BatchPathSet:
                AddFiles(FilePaths.Literal(this, BatchPath!), _run!.AddBatchFile);
                break;
            case PathSet:
                AddFiles(FilePaths.Resolved(this, Path!), _run!.AddFile);
                break;
            default:
                AddFiles(FilePaths.Literal(this, LiteralPath!), _run!.AddFile);
                break;
        }

        if (_run!.CanContinue)
            return;
        Finish(sourceEnded: false);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (!_isDeclined)
            Finish(sourceEnded: true);
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        _run?.Cancel();
        base.StopProcessing();
    }

    /// <inheritdoc/>
    protected override void Release() => _run?.Dispose();

    private void AddInput(PSObject input)
    {
        switch (input.BaseObject)
        {
            case FileInfo file:
                AddFiles([file.FullName], _run!.AddFile);
                return;
            case DirectoryInfo folder:
                ThrowTerminatingError(TargetErrors.FolderInsteadOfFile(folder.FullName));
                return;
            case string text:
                ThrowTerminatingError(TargetErrors.TextInsteadOfRows(text));
                return;
        }

        if (RowReader.RowsWithin(input) is { } rows)
        {
            foreach (var row in rows)
            {
                if (row is not null)
                    AddInput(PSObject.AsPSObject(row));
            }

            return;
        }

        Guarded(() =>
        {
            RowReader.Read(input, _run!.BeginRow());
            _run.EndRow();
        });
    }

    private void AddFiles(IReadOnlyList<string> paths, Action<string> add)
    {
        _run!.SourceBytes = (_run.SourceBytes ?? 0) + paths.Sum(FilePaths.Length);
        foreach (var path in paths)
        {
            if (_run.CanContinue)
                Guarded(() => add(path), path);
        }
    }

    private void Finish(bool sourceEnded)
    {
        Guarded(() => _run!.Complete(sourceEnded));
        _progress!.End();
        if (SummaryVariable is not null)
            SessionState.PSVariable.Set(SummaryVariable, _run!.Accounting);
        if (IsWhatIf)
        {
            ShouldProcess($"{_run!.Plan} Target: {_target}.", null, null);
            return;
        }

        WriteVerbose(_run!.Accounting.ToString());
        if (_run.Failure is { } failure)
            ThrowTerminatingError(TargetErrors.FromException(failure, _target));
    }

    private void OnMessage(RunMessage message)
    {
        switch (message)
        {
            case RunMessage.BatchDone done:
                WriteObject(done.Batch);
                if (done.Batch.State != BatchState.Accepted && done.Batch.Message is not null && _run?.Failure is null)
                    WriteError(TargetErrors.BatchNotAccepted(done.Batch));
                break;
            case RunMessage.RowRejected rejected:
                WriteError(TargetErrors.RowRejected(rejected.Finding));
                break;
            case RunMessage.Warning warning:
                WriteWarning(warning.Text);
                break;
            case RunMessage.Detail detail:
                WriteVerbose(detail.Text);
                break;
        }
    }
}
