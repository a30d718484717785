using System.Management.Automation;
using TargetProfiles.Sending;

namespace TargetProfiles.PowerShell.Commands;

/// <summary>A run's progress as PowerShell shows it. The run itself calls at most five times a second.</summary>
internal sealed class ProgressReport(Cmdlet cmdlet, string activity)
{
    private readonly int _id = activity.GetHashCode() & 0xFFFF;
    private bool _isShown;

    public void Show(SendProgress progress)
    {
        var record = new ProgressRecord(_id, activity, progress.ToString())
        {
            PercentComplete = progress.PercentRead ?? -1,
            SecondsRemaining = progress.TimeLeft is TimeSpan left ? (int)left.TotalSeconds : -1,
        };
        _isShown = true;
        cmdlet.WriteProgress(record);
    }

    public void End()
    {
        if (!_isShown)
            return;
        _isShown = false;
        cmdlet.WriteProgress(new ProgressRecord(_id, activity, "Done") { RecordType = ProgressRecordType.Completed });
    }
}
