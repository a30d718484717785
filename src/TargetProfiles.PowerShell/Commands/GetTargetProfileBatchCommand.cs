using System.Management.Automation;

namespace TargetProfiles.PowerShell.Commands;

/// <summary>Reads a journal: the batches of a run, and what became of them.</summary>
[Cmdlet(VerbsCommon.Get, "TargetProfileBatch", HelpUri = "https://github.com/targetprofiles/TargetProfiles/blob/main/docs/en-US/Get-TargetProfileBatch.md")]
[OutputType(typeof(TargetProfileBatch))]
public sealed class GetTargetProfileBatchCommand : TargetCommand
{
    /// <summary>Journals of runs; a run may be writing one meanwhile.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string[]? JournalPath { get; set; }

    /// <summary>Name of a variable that gets the accounting of the run.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SummaryVariable { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var path in FilePaths.Literal(this, JournalPath!))
            Guarded(() => Write(path), path);
    }

    private void Write(string path)
    {
        var journal = TargetProfileJournal.Read(path);
        foreach (var batch in journal.Batches)
            WriteObject(batch);
        WriteVerbose(journal.Accounting.ToString());
        if (SummaryVariable is not null)
            SessionState.PSVariable.Set(SummaryVariable, journal.Accounting);
        if (journal.StartedAt is null)
            WriteWarning($"The journal '{path}' is empty: no run has begun.");
        else if (!journal.IsComplete)
            WriteWarning($"The run of '{path}' is not complete. If it is not going on just now, the same Send-TargetProfileBatch command completes it.");
    }
}
