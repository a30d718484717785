using System.Management.Automation;
using TargetProfiles.Sending;
using TargetProfiles.Sending.Comparing;

namespace TargetProfiles.PowerShell.Commands;

/// <summary>A run's progress as PowerShell shows it. The run itself calls at most five times a second.</summary>
internal sealed class ProgressReport(Cmdlet cmdlet, string activity)
{
    private readonly int _id = activity.GetHashCode() & 0xFFFF;
    private bool _isShown;

    public void Show(SendProgress progress) => Show(progress.ToString(), progress.PercentRead, progress.TimeLeft);

    public void Show(CompareProgress progress) => Show(progress.ToString(), percent: null, timeLeft: null);

    public void End()
    {
        if (!_isShown)
            return;
        _isShown = false;
        cmdlet.WriteProgress(new ProgressRecord(_id, activity, "Done") { RecordType = ProgressRecordType.Completed });
    }

    private void Show(string text, int? percent, TimeSpan? timeLeft)
    {
        var record = new ProgressRecord(_id, activity, text)
        {
            PercentComplete = percent ?? -1,
            SecondsRemaining = timeLeft is TimeSpan left ? (int)left.TotalSeconds : -1,
        };
        _isShown = true;
        cmdlet.WriteProgress(record);
    }
}
