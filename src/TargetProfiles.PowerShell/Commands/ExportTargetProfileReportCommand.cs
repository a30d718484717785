using System.Management.Automation;

namespace TargetProfiles.PowerShell.Commands;

/// <summary>Writes the report of a run: one HTML page with its numbers, pictures, and what to do next.</summary>
[Cmdlet(VerbsData.Export, "TargetProfileReport", SupportsShouldProcess = true, HelpUri = "https://github.com/targetprofiles/TargetProfiles/blob/main/docs/en-US/Export-TargetProfileReport.md")]
[OutputType(typeof(FileInfo))]
public sealed class ExportTargetProfileReportCommand : TargetCommand
{
    /// <summary>Journal of the run, which may be going on.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string? JournalPath { get; set; }

    /// <summary>The page to write.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Replace a file of that name.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Write the file as an object.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var journal = FilePaths.Literal(this, [JournalPath!])[0];
        var path = FilePaths.ToWrite(this, Path!);
        if (!ShouldProcess(path, $"Write the report of '{journal}'"))
            return;
        Guarded(() => TargetProfileReport.Export(journal, path, Force), path);
        if (PassThru)
            WriteObject(new FileInfo(path));
    }
}
