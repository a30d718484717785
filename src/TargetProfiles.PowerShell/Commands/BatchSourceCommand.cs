using System.Management.Automation;

namespace TargetProfiles.PowerShell.Commands;

/// <summary>A cmdlet that makes batches of rows, or takes finished batch files.</summary>
public abstract class BatchSourceCommand : RowSourceCommand
{
    private const string BatchPathSet = "BatchPath";

    /// <summary>Finished batch files, which begin with batch=.</summary>
    [Parameter(ParameterSetName = BatchPathSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string[]? BatchPath { get; set; }

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

    /// <summary>Caps of a batch.</summary>
    private protected BatchLimits Limits() => new(MaxBatchRows, MaxBatchBytes);

    /// <inheritdoc/>
    private protected override void AddInput()
    {
        if (ParameterSetName == BatchPathSet)
            AddFiles(FilePaths.Literal(this, BatchPath!), Run!.AddBatchFile, Run!.BeginBatchFiles);
        else
            base.AddInput();
    }
}
